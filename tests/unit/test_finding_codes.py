"""Texts of finding codes."""

from __future__ import annotations

import re

import pytest

from cakupan.core.codes import codes, describe
from cakupan.core.errors import UsageError
from cakupan.core.findings import Grade, Severity

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def test_field_and_detail_stand_in_the_text() -> None:
    said = describe("COLUMN_MISSING", field="nik")
    assert said.text == "Kolom wajib nik tidak ada pada berkas."
    assert "nik" in said.fix
    assert describe("FORMAT_NOT_ALLOWED", "en", detail="docx").text.endswith("docx")


def test_a_blank_before_a_decimal_stays() -> None:
    assert "(berekor .0)" in describe("NIK_FLOAT_TAIL").text


def test_an_empty_detail_leaves_no_trace() -> None:
    for code in codes():
        for lang in ("id", "en"):
            said = describe(code, lang)
            assert "()" not in said.text
            assert "  " not in said.text
            assert not said.text.endswith(" .")


def test_a_value_with_braces_is_not_taken_for_a_placeholder() -> None:
    assert "{detail}" in describe("COLUMN_MISSING", field="{detail}").text


def test_a_code_without_entry_shows_itself() -> None:
    said = describe("NOT_A_CODE")
    assert (said.title, said.text, said.fix) == ("NOT_A_CODE", "NOT_A_CODE", "")


def test_an_unknown_language_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="LANGUAGE_UNKNOWN"):
        describe("NIK_LENGTH", "fr")


@pytest.mark.parametrize("code", list(codes()))
def test_every_code_is_complete(code: str) -> None:
    entry = codes()[code]
    for text in (entry.title, entry.text_id, entry.text_en, entry.fix_id, entry.fix_en):
        assert text.strip()
        assert set(PLACEHOLDER.findall(text)) <= {"field", "detail", "row_count"}
    assert len(entry.title) <= 40
    assert entry.text_id != entry.text_en
    # about a published number only: nothing is held back for it
    if entry.grade is Grade.INTEGRITY:
        assert entry.severity is Severity.WARNING
