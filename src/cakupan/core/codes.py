"""What every finding code means, and what the sender does about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from cakupan.core.errors import UsageError
from cakupan.core.findings import Grade, Severity
from cakupan.core.resources import expectations

LANGUAGES = ("id", "en")
_PLACEHOLDER = re.compile(r"\{(field|detail|row_count)\}")
#: Left where an empty word was; the blank of ``berekor .0`` stays.
_BLANK = re.compile(r" ([;.])(?!\S)")


@dataclass(frozen=True, slots=True)
class FindingCode:
    """One entry of ``expectations/codes.yml``.

    Attributes:
        code: its key.
        grade: what it is about.
        severity: what follows unless a suite says otherwise.
        title: a few words in Indonesian.
        text_id: what was found, with ``{field}``, ``{detail}``, ``{row_count}``.
        text_en: the same in English.
        fix_id: what the sender does about it.
        fix_en: the same in English.
    """

    code: str
    grade: Grade
    severity: Severity
    title: str
    text_id: str
    text_en: str
    fix_id: str
    fix_en: str


@dataclass(frozen=True, slots=True)
class Described:
    """A finding in words."""

    title: str
    text: str
    fix: str


@cache
def codes() -> dict[str, FindingCode]:
    """All finding codes, in the order of the file."""
    raw = yaml.safe_load(expectations("codes.yml").read_text("utf-8"))
    return {code: _entry(code, entry) for code, entry in raw.items()}


def _entry(code: str, entry: dict[str, Any]) -> FindingCode:
    return FindingCode(
        code=code,
        grade=Grade(entry.pop("grade")),
        severity=Severity(entry.pop("severity")),
        **entry,
    )


def describe(
    code: str,
    lang: str = "id",
    *,
    field: str = "",
    detail: str = "",
    row_count: int = 1,
) -> Described:
    """A finding in the words of ``lang``; a code without an entry shows itself.

    Args:
        code: finding code.
        lang: ``id`` or ``en``.
        field: column as the reader knows it.
        detail: place or figure of the finding.
        row_count: rows concerned.

    Raises:
        UsageError: the language is not known.
    """
    if lang not in LANGUAGES:
        raise UsageError(
            "LANGUAGE_UNKNOWN", f"Language {lang!r} is not known.", "Use id or en."
        )
    entry = codes().get(code)
    if entry is None:
        return Described(title=code, text=code, fix="")
    text, fix = (
        (entry.text_id, entry.fix_id) if lang == "id" else (entry.text_en, entry.fix_en)
    )
    words = {"field": field, "detail": detail, "row_count": str(row_count)}
    return Described(
        title=entry.title, text=_filled(text, words), fix=_filled(fix, words)
    )


def _filled(text: str, words: dict[str, str]) -> str:
    """Placeholders filled in; no brackets or blanks left where a word is empty."""
    filled = _PLACEHOLDER.sub(lambda found: words[found[1]], text)
    tidy = " ".join(filled.replace("()", "").split())
    return _BLANK.sub(r"\1", tidy)
