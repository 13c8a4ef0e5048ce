"""When reports and contributions are due: due_dates.yml."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from cakupan.core import areas, due_exceptions, workdays
from cakupan.core.contracts import contract
from cakupan.core.due import contribution_due_on, due_at, zone_of
from cakupan.core.errors import ConfigurationError, UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings, load_settings
from cakupan.core.workdays import holidays, is_working_day, next_working_day

SPEC = yaml.safe_load(Path(__file__).with_name("due_dates.yml").read_text("utf-8"))
HERE = Settings(home=Path("unused"))


@pytest.mark.parametrize("case", SPEC["reports"], ids=str)
def test_report_due(case: dict[str, Any]) -> None:
    found = due_at(
        contract(case["dataset"]),
        CoverageMonth.parse(case["month"]),
        case["province"],
        HERE,
    )
    if case["expect"] is None:
        assert found is None
        return
    assert found is not None
    assert found.strftime("%Y-%m-%dT%H:%M:%SZ") == case["utc"]
    local = found.astimezone(zone_of(case["province"], HERE))
    assert (local.date(), local.time()) == (case["expect"], dt.time(23, 59, 59))


@pytest.mark.parametrize("case", SPEC["contributions"], ids=str)
def test_contribution_due(case: dict[str, Any]) -> None:
    month = CoverageMonth.parse(case["month"])
    if "error" in case:
        with pytest.raises(UsageError, match=case["error"]):
            contribution_due_on(case["segment"], month)
        return
    assert contribution_due_on(case["segment"], month) == case["expect"]


@pytest.mark.parametrize("case", SPEC["working_days"], ids=str)
def test_working_day(case: dict[str, Any]) -> None:
    assert is_working_day(case["day"]) is case["expect"]


def test_a_day_the_month_does_not_have_is_its_last() -> None:
    agreed = replace(contract("rt_rw"), due_day=31)
    # 28 February 2027 is a Sunday
    found = due_at(agreed, CoverageMonth(2027, 1), "64", HERE)
    assert found == dt.datetime(2027, 3, 1, 15, 59, 59, tzinfo=dt.UTC)


def test_a_stated_time_zone_decides_for_every_province() -> None:
    stated = replace(HERE, timezone="Asia/Jayapura")
    assert zone_of("62", stated).key == "Asia/Jayapura"
    assert zone_of("62", HERE).key == "Asia/Jakarta"
    assert zone_of("99", HERE).key == "Asia/Makassar"
    unset = load_settings({"CAKUPAN_HOME": "x", "CAKUPAN_TIMEZONE": ""})
    assert (unset.timezone, unset.tz.key) == (None, "Asia/Makassar")


def test_every_province_has_a_time_zone() -> None:
    stated = {code: zone_of(code, HERE).key for code in areas.children("")}
    assert set(stated.values()) == {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}
    assert stated["64"] == stated["65"] == "Asia/Makassar"
    from cakupan.core.due import _zones

    assert set(_zones()) == set(stated)


def test_collective_leave_is_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    leave = dt.date(2026, 5, 15)
    rules = workdays.working_rules() | {
        "collective_leave_is_free": {"reports": True, "contributions": False}
    }
    monkeypatch.setattr(workdays, "working_rules", lambda: rules)
    workdays._days_off.cache_clear()
    try:
        assert next_working_day(leave, "reports") == dt.date(2026, 5, 18)
        assert next_working_day(leave, "contributions") == leave
    finally:
        workdays._days_off.cache_clear()


def test_outside_the_calendar_only_weekends_are_free() -> None:
    assert workdays.calendar_years() == (2022, 2023, 2024, 2025, 2026, 2027)
    assert is_working_day(dt.date(2031, 1, 1))
    assert next_working_day(dt.date(2031, 1, 4)) == dt.date(2031, 1, 6)


def test_every_holiday_names_its_source_and_certainty() -> None:
    assert len({one.day for one in holidays()}) == len(holidays())
    for one in holidays():
        assert one.kind in {"libur_nasional", "cuti_bersama"}
        assert one.source and one.name
        assert one.certainty in {"V", "S", "U"}
        assert one.certainty != "U" or "perlu dikonfirmasi" in one.note


@pytest.mark.parametrize("year", workdays.calendar_years())
def test_holidays_are_those_of_the_calendar_library(year: int) -> None:
    import holidays as library

    for kind, category in (
        ("libur_nasional", "public"),
        ("cuti_bersama", "government"),
    ):
        ours = {o.day for o in holidays() if o.day.year == year and o.kind == kind}
        theirs = library.country_holidays("ID", years=year, categories=(category,))
        assert ours == set(theirs)


EXCEPTIONS = "dataset,area_code,coverage_month,due_on,reason,decided_by\n"


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("rt_rw,64.02,2026-09,2026-10-17,Banjir,Sekda", True),
        ("rt_rw,64.02,2026-09,2026-10-17,,Sekda", False),
        ("rt_rw,64.02,2026-09,2026-10-17,Banjir,", False),
        ("rt_rw,64.99,2026-09,2026-10-17,Banjir,Sekda", False),
        ("rtrw,64.02,2026-09,2026-10-17,Banjir,Sekda", False),
        ("rt_rw,64.02,2026-9x,2026-10-17,Banjir,Sekda", False),
        ("rt_rw,64.02,2026-09,17/10/2026,Banjir,Sekda", False),
        ("rt_rw,64.02", False),
    ],
)
def test_exceptions_have_a_reason_and_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, is_one: bool
) -> None:
    (tmp_path / "due_exceptions_64.csv").write_text(EXCEPTIONS + line, "utf-8")
    monkeypatch.setattr(due_exceptions, "include", lambda *_: tmp_path)
    read = due_exceptions.due_exceptions.__wrapped__
    if not is_one:
        with pytest.raises(ConfigurationError, match="Line 2 of due_exceptions_64"):
            read()
        return
    (found,) = read()
    assert (found.area_code, found.due_on) == ("64.02", dt.date(2026, 10, 17))


def test_no_exception_is_shipped() -> None:
    assert due_exceptions.due_exceptions() == ()
