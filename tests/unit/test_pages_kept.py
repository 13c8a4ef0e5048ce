"""Which of a sender's files the upload page keeps while others come in."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from cakupan.core.area import AreaCode
from cakupan.core.errors import SubmissionRefused, UsageError
from cakupan.core.findings import FINDING_SCHEMA
from cakupan.core.month import CoverageMonth
from cakupan.core.submission import Slot
from cakupan.pages.uploads import Uploads
from cakupan.runs.check import Checked

SLOT = Slot("rt_rw", AreaCode("64.02"), CoverageMonth(2026, 9))
CHECKED = Checked(
    state="accepted",
    is_nil=False,
    file_format="csv",
    received_count=1,
    accepted_count=1,
    quarantined_count=0,
    rejected_count=0,
    layout={},
    findings=pa.Table.from_pylist([], FINDING_SCHEMA),
    raw=None,
    accepted=None,
    quarantined=None,
)


def test_a_file_being_checked_is_never_swept(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    begun = [uploads.begin("kukar") for _ in range(4)]
    assert all(place.exists() for _, place in begun)
    with pytest.raises(SubmissionRefused, match="UPLOADS_AT_ONCE"):
        uploads.begin("kukar")
    uploads.begin("paser")  # somebody else's are not counted
    for token, _ in begun:
        uploads.keep(token, "kukar", "a.csv", SLOT, CHECKED)
        assert uploads.get(token, "kukar")[0].file_name == "a.csv"


def test_the_oldest_checked_ones_make_room(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path)
    tokens = []
    for number in range(6):
        token, _ = uploads.begin("kukar")
        uploads.keep(token, "kukar", f"{number}.csv", SLOT, CHECKED)
        tokens.append(token)
    with pytest.raises(UsageError, match="UPLOAD_UNKNOWN"):
        uploads.get(tokens[0], "kukar")
    assert [uploads.get(one, "kukar")[0].file_name for one in tokens[-4:]] == [
        "2.csv", "3.csv", "4.csv", "5.csv",
    ]  # fmt: skip
