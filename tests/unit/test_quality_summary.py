"""Grouping of findings."""

from __future__ import annotations

import pytest

from cakupan.core.findings import Finding, Grade, Severity, findings_table
from cakupan.quality.summary import summarise

ROW, FILE = Grade.RECORD, Grade.SUBMISSION


def test_the_file_comes_first_then_the_gravest_then_the_most_frequent() -> None:
    table = findings_table(
        [
            Finding("NIK_SEX_DIFFERS", ROW, Severity.WARNING, "jenis_kelamin", 2),
            Finding("NIK_LENGTH", ROW, Severity.CRITICAL, "nik", 7),
            *(
                Finding("DATE_INVALID", ROW, Severity.CRITICAL, "mulai", row)
                for row in range(20, 10, -1)
            ),
            Finding("PREAMBLE_SKIPPED", FILE, Severity.INFO, row_count=3),
        ]
    )
    groups = summarise(table)
    assert [group.code for group in groups] == [
        "PREAMBLE_SKIPPED",
        "DATE_INVALID",
        "NIK_LENGTH",
        "NIK_SEX_DIFFERS",
    ]
    assert groups[1].row_count == 10
    assert groups[1].first_rows == (11, 12, 13, 14, 15)
    assert groups[0].first_rows == ()
    assert groups[0].row_count == 3


def test_findings_about_the_file_stay_apart_by_detail() -> None:
    table = findings_table(
        [
            Finding("COLUMN_UNKNOWN", FILE, Severity.INFO, detail=detail)
            for detail in ("C", "B")
        ]
    )
    texts = [group.text for group in summarise(table)]
    assert len(texts) == 2
    assert texts[0].endswith("kolom B.")


@pytest.mark.parametrize(("lang", "word"), [("id", "kosong"), ("en", "no NIK")])
def test_it_speaks_both_languages(lang: str, word: str) -> None:
    table = findings_table([Finding("NIK_MISSING", ROW, Severity.CRITICAL, "nik", 2)])
    assert word in summarise(table, lang)[0].text


def test_no_findings_no_groups() -> None:
    assert summarise(findings_table([])) == []
