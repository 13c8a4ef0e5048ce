"""The order in which people are proposed: ``include/reference/priority.yml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from cakupan.core.errors import ConfigurationError
from cakupan.core.resources import include

CRITERIA = ("state", "profession", "age", "since")

#: States a person can be proposed in; the words of the annex.
STATES = {
    "grace_2": "menunggak 2 bulan",
    "grace_1": "menunggak 1 bulan",
    "lapsed": "kepesertaan berhenti",
    "not_enrolled": "belum menjadi peserta",
}
_CHOICES = {
    "age": ("oldest_first", "youngest_first"),
    "since": ("earliest_first", "latest_first"),
    "professions_only": (True, False),
    "other_group": ("exclude", "include"),
    "listed_for_other_payer": ("exclude", "include"),
    "reaching_age_limit": ("exclude", "include"),
}


@dataclass(frozen=True, slots=True)
class Priority:
    """Who comes first, and who may come at all.

    Attributes:
        order: some of :data:`CRITERIA`, the first decides.
        states: states that are proposed, in their order.
        is_oldest_first: how age counts.
        is_earliest_first: how the start counts.
        source: the rule that names the professions, Indonesian; ``""`` without one.
        professions: name of a profession -> pattern of its words.
        excluded: optional reasons that take somebody out: ``other_group``,
            ``listed_for_other_payer``, ``reaching_age_limit``, ``other_profession``.
    """

    order: tuple[str, ...]
    states: tuple[str, ...]
    is_oldest_first: bool
    is_earliest_first: bool
    source: str
    professions: Mapping[str, str]
    excluded: frozenset[str]

    def profession_of(self, occupation: str | None) -> str | None:
        """The profession of the provincial rule an occupation belongs to."""
        text = (occupation or "").lower()
        for name, pattern in self.professions.items():
            if re.search(pattern, text):
                return name
        return None

    def as_text(self) -> list[str]:
        """The order for the reader of a proposal, one criterion a line, Indonesian."""
        words = {
            "state": "keadaan: " + ", ".join(STATES[state] for state in self.states),
            "profession": f"profesi yang disebut {self.source or '(tidak ada aturan)'}",
            "age": "umur: " + ("tertua" if self.is_oldest_first else "termuda"),
            "since": "tanggal mulai menurut daftar, bila kosong tanggal kepesertaan: "
            + ("terlama" if self.is_earliest_first else "terbaru"),
        }
        return [
            *(words[name] for name in self.order),
            "bila sama: nomor samaran orang, bukan urutan baris",
        ]


def load_priority(province: str) -> Priority:
    """The order in force for a province.

    Raises:
        ConfigurationError: the file holds something else than it may.
    """
    return priority_of(_raw(), province)


@cache
def _raw() -> Mapping[str, Any]:
    text = include("reference", "priority.yml").read_text("utf-8")
    raw: Mapping[str, Any] = yaml.safe_load(text)
    return raw


def priority_of(raw: Mapping[str, Any], province: str) -> Priority:
    """Check and type what the file says.

    Args:
        raw: the file as read.
        province: two-digit Kemendagri code, for the professions.

    Raises:
        ConfigurationError: a criterion, state or choice is not known or named twice.
    """
    for name, allowed in _CHOICES.items():
        if raw.get(name) not in allowed:
            raise _invalid(name)
    for name, known in (("order", CRITERIA), ("states", tuple(STATES))):
        given = raw.get(name) or []
        if not given or len(set(given)) < len(given) or not set(given) <= set(known):
            raise _invalid(name)
    named = (raw.get("professions") or {}).get(province) or {"source": "", "words": {}}
    excluded = {
        name
        for name in ("other_group", "listed_for_other_payer", "reaching_age_limit")
        if raw[name] == "exclude"
    }
    if raw["professions_only"]:
        excluded.add("other_profession")
    return Priority(
        order=tuple(raw["order"]),
        states=tuple(raw["states"]),
        is_oldest_first=raw["age"] == "oldest_first",
        is_earliest_first=raw["since"] == "earliest_first",
        source=named["source"],
        professions={
            name: r"\b(" + "|".join(map(re.escape, words)) + r")\b"
            for name, words in named["words"].items()
        },
        excluded=frozenset(excluded),
    )


def _invalid(name: str) -> ConfigurationError:
    return ConfigurationError(
        "PRIORITY_INVALID",
        f"include/reference/priority.yml: {name} holds something that is not known.",
        "The comments of the file say what may stand there.",
    )
