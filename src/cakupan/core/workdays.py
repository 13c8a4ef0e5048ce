"""Which days are worked: weekdays that are neither public holiday nor collective leave.

Source: ``include/reference/holidays.csv`` (2022-2027, each day with its certainty) and
``working_days.yml``. In a year without holidays there only weekends are free; the years
held are :func:`calendar_years`.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import yaml

from cakupan.core.resources import include

#: What a working day is asked for: reports to the province, or payments to BPJS.
Purpose = Literal["reports", "contributions"]


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """One day off.

    Attributes:
        day: the date.
        kind: ``libur_nasional`` or ``cuti_bersama``.
        name: Indonesian.
        certainty: ``V`` by the joint ministerial decree, ``S`` by a calendar library,
            ``U`` estimated: to confirm.
        source: publisher and place.
        note: Indonesian, ``""`` when there is none.
    """

    day: dt.date
    kind: str
    name: str
    certainty: str
    source: str
    note: str


@cache
def holidays() -> tuple[Holiday, ...]:
    """Every day off that is loaded, by date."""
    text = include("reference", "holidays.csv").read_text("utf-8")
    return tuple(
        sorted(
            Holiday(
                day=dt.date.fromisoformat(row["holiday_date"]),
                kind=row["kind"],
                name=row["name"],
                certainty=row["certainty"],
                source=row["source"],
                note=row["note"],
            )
            for row in csv.DictReader(text.splitlines())
        )
    )


@cache
def calendar_years() -> tuple[int, ...]:
    """Years whose holidays are loaded."""
    return tuple(sorted({one.day.year for one in holidays()}))


@cache
def working_rules() -> dict[str, Any]:
    """``working_days.yml``."""
    path = include("reference", "working_days.yml")
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


@cache
def _days_off(purpose: Purpose) -> frozenset[dt.date]:
    leave = working_rules()["collective_leave_is_free"][purpose]
    return frozenset(
        one.day for one in holidays() if leave or one.kind != "cuti_bersama"
    )


def is_working_day(day: dt.date, purpose: Purpose = "reports") -> bool:
    """Whether offices are open."""
    return day.isoweekday() in working_rules()["weekdays"] and day not in _days_off(
        purpose
    )


def next_working_day(day: dt.date, purpose: Purpose = "reports") -> dt.date:
    """The day itself when it is worked, else the first worked one after it."""
    while not is_working_day(day, purpose):
        day += dt.timedelta(days=1)
    return day
