"""Areas over time: what was in force on a day, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from cakupan.core import area_history, area_reference, areas
from made_up_areas import add_province, forget

BEFORE_KALTARA = dt.date(2012, 10, 31)
BEFORE_MAHULU = dt.date(2012, 12, 31)
BEFORE_SOUTH_PAPUA = dt.date(2022, 6, 30)
NOW = dt.date(2026, 9, 30)


def test_the_list_of_today_is_the_shipped_one() -> None:
    assert area_history.in_force(NOW).is_shipped
    assert areas.regencies("64", NOW) == areas.regencies("64")


def test_east_kalimantan_before_north_kalimantan() -> None:
    assert areas.regencies("64", BEFORE_KALTARA) == (
        "64.01", "64.02", "64.03", "64.04", "64.05", "64.06", "64.07", "64.08",
        "64.09", "64.10", "64.71", "64.72", "64.73", "64.74",
    )  # fmt: skip
    assert not areas.is_known("65", BEFORE_KALTARA)
    assert areas.regencies("65", BEFORE_KALTARA) == ()
    # the old codes of its districts are not known: none is invented
    assert areas.children("64.04", BEFORE_KALTARA) == ()


@pytest.mark.parametrize(
    "code, last",
    [
        ("64.04", "2012-11-15"),
        ("64.10", "2012-11-15"),
        ("64.07.01", "2013-01-10"),
        ("91.01", "2022-07-24"),
        ("91.01.05", "2022-07-24"),
        ("91.18.01.2001", "2022-07-24"),
    ],
)
def test_last_day_and_first_day_of_the_successor(code: str, last: str) -> None:
    end = dt.date.fromisoformat(last)
    assert area_history.validity_of(code).valid_to == end
    after = areas.successor_of(code)
    assert after is not None
    start = area_history.validity_of(after).valid_from
    assert start == end + dt.timedelta(days=1)


def test_mahakam_ulu_was_part_of_kutai_barat() -> None:
    assert not areas.is_known("64.11", BEFORE_MAHULU)
    assert not areas.is_known("64.11.01", BEFORE_MAHULU)
    assert not areas.is_known("64.11.01.2001", BEFORE_MAHULU)
    assert areas.is_known("64.07", BEFORE_MAHULU)
    assert areas.is_known("64.11", dt.date(2013, 1, 31))
    assert area_history.validity_of("64.07") == area_history.Validity()


@pytest.mark.parametrize(
    "before, after",
    [("91.01", "93.01"), ("91.16", "93.02"), ("91.17", "93.03"), ("91.18", "93.04")],
)
def test_south_papua_kept_the_ends_of_its_codes(before: str, after: str) -> None:
    old = areas.children(before, BEFORE_SOUTH_PAPUA)
    new = areas.children(after, NOW)
    assert [code[6:] for code in old] == [code[6:] for code in new]
    assert old
    for one, other in zip(old, new, strict=True):
        assert areas.name_of(one) == areas.name_of(other)
        villages = areas.children(one, BEFORE_SOUTH_PAPUA)
        assert [code[9:] for code in villages] == [
            code[9:] for code in areas.children(other)
        ]
    assert not areas.is_known(after, BEFORE_SOUTH_PAPUA)
    assert not areas.is_known(before, NOW)
    assert areas.name_of(before) == areas.name_of(after)


@pytest.mark.parametrize(
    "code, day, finding, told",
    [
        ("64.04", NOW, "AREA_RETIRED", "64.04: sejak 2012-11-16 menjadi 65.01"),
        ("91.01", NOW, "AREA_RETIRED", "91.01: sejak 2022-07-25 menjadi 93.01"),
        ("91.01.01", NOW, "AREA_RETIRED", "91.01.01: sejak 2022-07-25 menjadi 93.01"),
        (
            "93.01",
            BEFORE_SOUTH_PAPUA,
            "AREA_NOT_YET",
            "93.01: ada sejak 2022-07-25; sebelumnya 91.01",
        ),
        (
            "64.11",
            BEFORE_MAHULU,
            "AREA_NOT_YET",
            "64.11: ada sejak 2013-01-11; sebelumnya 64.07",
        ),
        ("11.04.04", NOW, "AREA_RETIRED", "11.04.04: penggantinya belum diketahui"),
    ],
)
def test_why_an_area_is_not_in_force(
    code: str, day: dt.date, finding: str, told: str
) -> None:
    assert areas.why_not_in_force(code, day) == (finding, told)


def test_a_code_nobody_ever_had_has_no_reason() -> None:
    assert areas.why_not_in_force("64.99", NOW) is None


def test_every_link_is_whole_and_says_where_it_comes_from() -> None:
    for link in area_reference.links():
        assert link.kind in {"split", "merge", "rename", "recode"}
        assert link.certainty in {"V", "D", "S", "U"}
        assert link.source
        # what is not verified says so in words
        if link.certainty in {"D", "U"}:
            assert link.note.startswith("perlu dikonfirmasi")
        for code in (link.predecessor_code, link.successor_code):
            assert areas.is_known(code) or areas.is_retired(code), code
        if link.kind == "split":
            parts = [
                one
                for one in area_reference.links()
                if one.predecessor_code == link.predecessor_code
                and one.valid_from == link.valid_from
            ]
            assert len(parts) > 1, "a split has more than one part"
    keys = [
        (one.predecessor_code, one.successor_code) for one in area_reference.links()
    ]
    assert len(set(keys)) == len(keys)


def test_nothing_is_shipped_about_areas_to_come() -> None:
    latest = max(link.valid_from for link in area_reference.links())
    assert latest == dt.date(2022, 7, 25)


FUTURE = dt.date(2031, 1, 1)


@pytest.fixture
def with_a_new_province(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    add_province(monkeypatch, tmp_path / "areas", FUTURE)
    yield
    monkeypatch.undo()
    forget()


@pytest.mark.usefixtures("with_a_new_province")
def test_a_new_province_needs_nothing_but_a_file() -> None:
    today, after = NOW, FUTURE
    assert not areas.is_known("99", today)
    assert areas.is_known("64.09.04", today)
    assert areas.regencies("99", after) == ("99.01",)
    assert areas.name_of("99.01", after) == "Kota Contoh"
    assert areas.children("99.01", after) == ("99.01.01", "99.01.02")
    moved = areas.children("64.09.04", today)
    assert [code[8:] for code in areas.children("99.01.01", after)] == [
        code[8:] for code in moved
    ]
    assert areas.name_of("99.01.01" + moved[0][8:], after) == areas.name_of(moved[0])
    assert not areas.is_known("64.09.04", after)
    assert areas.is_known("64.09.03", after)
    assert areas.why_not_in_force("64.09.04", after) == (
        "AREA_RETIRED",
        "64.09.04: sejak 2031-01-01 menjadi 99.01.01",
    )
    assert areas.why_not_in_force("99.01", today) == (
        "AREA_NOT_YET",
        "99.01: ada sejak 2031-01-01; sebelumnya 64.09",
    )
    # numbers issued there are known, and those issued before stay so
    assert areas.nik_prefix_known("990101")
    assert areas.nik_prefix_known("640904")
