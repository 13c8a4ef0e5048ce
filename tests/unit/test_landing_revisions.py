"""Which revision a file is. Each case is a story of files sent for one slot."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from cakupan.core.area import AreaCode
from cakupan.core.findings import Finding, Grade, Severity
from cakupan.core.month import CoverageMonth
from cakupan.core.submission import Slot, Submission
from cakupan.landing.revisions import UNREAD, Arrival, SlotHistory

SLOT = Slot("rt_rw", AreaCode("64.02"), CoverageMonth(2026, 9))
REFUSAL = Finding("FILE_TOO_LARGE", Grade.SUBMISSION, Severity.CRITICAL)


def _arrival(content: str, *, refusal: Finding | None = None) -> Arrival:
    return Arrival(
        key=f"landing/{SLOT}/x.csv",
        etag="e",
        stored_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC),
        sha256=UNREAD if refusal else content * 64,
        size_bytes=1,
        slot=SLOT,
        refusal=refusal,
    )


# A story: content of each file, then + accepted, - refused, nothing: still waiting.
# Told of each: its revision, or =n for a duplicate of attempt n, or n<m for revision n
# that goes back to the content of attempt m.
@pytest.mark.parametrize(
    ("story", "told"),
    [
        ("a", "1"),
        ("a b c", "1 2 3"),
        ("a a a", "1 =1 =1"),
        ("a+ a", "1 =1"),
        ("a+ b+ b", "1 2 =2"),
        ("a+ b+ a", "1 2 3<1"),
        ("a+ b a", "1 2 3<1"),
        ("a b a b", "1 2 3<1 4<2"),
        ("a+ b+ a+ a", "1 2 3<1 =3"),
        # refused content is nobody's word: the accepted one stays in force
        ("a+ b- a", "1 2 =1"),
        ("a- a", "1 2"),
        ("a- b+ a", "1 2 3"),
        ("a+ a b", "1 =1 2"),
        ("a+ b- b", "1 2 3"),
    ],
)
def test_stories(story: str, told: str) -> None:
    known: list[Submission] = []
    said = []
    for number, step in enumerate(story.split(), start=1):
        history = SlotHistory(SLOT)
        for earlier in known:
            history.add(earlier)
        entry = history.register(_arrival(step[0]))
        found = entry.submission
        assert found.attempt == number
        assert found.submission_id == f"rt_rw-64.02-2026-09-{number:03d}"
        if entry.duplicate_of:
            assert (found.state, found.revision) == ("duplicate", None)
            said.append(f"={int(entry.duplicate_of[-3:])}")
        else:
            back = [f"<{int(finding.detail[-3:])}" for finding in entry.findings]
            said.append("".join([str(found.revision), *back]))
            judged = {"+": "accepted", "-": "refused", "": "received"}[step[1:]]
            found = replace(found, state=judged)
        known.append(found)
    assert " ".join(said) == told


def test_many_files_at_once_are_told_the_same() -> None:
    history = SlotHistory(SLOT)
    entries = [history.register(_arrival(content)) for content in "abba"]
    assert [entry.submission.revision for entry in entries] == [1, 2, None, 3]
    assert [entry.duplicate_of for entry in entries][2] == "rt_rw-64.02-2026-09-002"
    assert [finding.code for finding in entries[3].findings] == ["RESTORES_REVISION"]


def test_files_that_were_not_opened_are_no_duplicates_of_each_other() -> None:
    history = SlotHistory(SLOT)
    entries = [history.register(_arrival("", refusal=REFUSAL)) for _ in range(2)]
    assert [entry.submission.state for entry in entries] == ["refused", "refused"]
    assert [entry.findings for entry in entries] == [(REFUSAL,), (REFUSAL,)]


def test_names_are_masked_and_printable() -> None:
    arrival = replace(_arrival("a"), key="landing/x/a\nb\udcff_6402014107850001.csv")
    name = SlotHistory(SLOT).register(arrival).submission.file_name
    assert name == "a_b?_XXXXXXXXXXXXXXXX.csv"
