"""The access file: who may what, and what a mistake in it does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cakupan.core.errors import ConfigurationError
from cakupan.pages.access import (
    AccessFile,
    AccessRefused,
    Right,
    Visitor,
    read_access,
)

SERVED = ("64",)


def who(text: str, name: str = "dewi") -> Visitor:
    return read_access(text, SERVED).visitor(name)


def test_roles_have_their_rights() -> None:
    regency = who('dewi: {role: regency, areas: ["64.02"]}')
    assert regency.may(Right.SEND)
    assert regency.may(Right.ROWS)
    analyst = who("dewi: analyst")
    assert analyst.areas == SERVED
    assert not analyst.may(Right.SEND)
    assert not analyst.may(Right.ROWS)
    assert who("dewi: steward").may(Right.ROWS)
    assert not who("dewi: steward").may(Right.SEND)
    assert all(who("dewi: engineer").may(right) for right in Right)


@pytest.mark.parametrize(
    ("area", "is_own"),
    [
        ("64.02", True),
        ("64.02.01", True),
        ("64.02.01.2003", True),
        ("64", False),
        ("64.01", False),
        ("64.021", False),
        ("65", False),
    ],
)
def test_an_area_includes_what_lies_in_it_and_nothing_else(
    area: str, is_own: bool
) -> None:
    assert who('dewi: {role: regency, areas: ["64.02"]}').covers(area) is is_own


@pytest.mark.parametrize("text", ["", "dewi: analyst", "# nobody"])
def test_who_is_not_in_it_may_nothing(text: str) -> None:
    with pytest.raises(AccessRefused, match="ACCESS_NOT_GIVEN"):
        who(text, "budi")


@pytest.mark.parametrize(
    "text",
    [
        "dewi: admin",
        "dewi: {role: regency}",
        "dewi: {role: regency, areas: []}",
        'dewi: {role: regency, areas: ["64"]}',
        'dewi: {role: regency, areas: ["64.02.01"]}',
        'dewi: {role: regency, areas: ["65.01"]}',
        'dewi: {role: regency, areas: ["64.99"]}',
        "dewi: {role: regency, areas: [64.02]}",
        'dewi: {role: regency, areas: "64.02"}',
        'dewi: {role: analyst, area: ["64"]}',
        "dewi: [analyst]",
        "dewi:",
        "- dewi",
        "dewi: {role: analyst",
    ],
)
def test_a_mistake_lets_nobody_in(text: str) -> None:
    with pytest.raises(ConfigurationError, match="ACCESS_FILE_INVALID"):
        read_access(text, SERVED)


def test_the_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = tmp_path / "access.yml"
    file = AccessFile(path, SERVED)
    assert not file.now().visitors
    path.write_text("dewi: analyst", "utf-8")
    assert set(file.now().visitors) == {"dewi"}
    path.write_text("budi: analyst\n", "utf-8")
    os.utime(path, (1, 1))
    assert set(file.now().visitors) == {"budi"}
    path.write_text("budi: king", "utf-8")
    for _ in range(2):
        with pytest.raises(ConfigurationError):
            file.now()
    path.unlink()
    assert not file.now().visitors


@pytest.mark.parametrize("role", ["regency", "steward", "engineer", "analyst"])
def test_rows_of_others_go_to_no_regency(role: str) -> None:
    visitor = Visitor("dewi", role, ("64.02",))
    own, others = ("pekerja_rentan", "anggaran"), (
        "bpjs_kepesertaan", "bpjs_iuran", "bpjs_klaim", "dukcapil_padan",
        "tidak_dikenal",
    )  # fmt: skip
    assert {visitor.may_have_rows(one) for one in own} == {role != "analyst"}
    is_trusted = role in {"steward", "engineer"}
    assert {visitor.may_have_rows(one) for one in others} == {is_trusted}
    if role == "regency":
        with pytest.raises(AccessRefused, match="DATASET_NOT_YOURS"):
            visitor.require_rows("bpjs_klaim", "64.02")
    if role != "analyst":
        with pytest.raises(AccessRefused, match="AREA_NOT_YOURS"):
            visitor.require_rows("pekerja_rentan", "64.01")
