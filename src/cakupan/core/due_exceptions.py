"""Later due dates given to named senders: who, which report, until when, why, by whom.

Source: ``include/reference/due_exceptions*.csv``. A deployment adds a file of its own; the
shipped one is empty.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache

from cakupan.core.areas import name_of
from cakupan.core.contracts import DATASETS
from cakupan.core.errors import ConfigurationError, UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.resources import include


@dataclass(frozen=True, slots=True, order=True)
class DueException:
    """One report that may come later.

    Attributes:
        month: coverage month.
        dataset: name of the dataset.
        area_code: Kemendagri code of the sender.
        due_on: last day it is on time, as written: no holiday moves it.
        reason: why, Indonesian.
        decided_by: office or person who allowed it.
    """

    month: CoverageMonth
    dataset: str
    area_code: str
    due_on: dt.date
    reason: str
    decided_by: str


@cache
def due_exceptions() -> tuple[DueException, ...]:
    """Every exception, by month, dataset and area.

    Raises:
        ConfigurationError: a line names no dataset, month or date, gives no reason or
            nobody who decided, or a report has two.
    """
    found: dict[tuple[CoverageMonth, str, str], DueException] = {}
    for path in sorted(include("reference").glob("due_exceptions*.csv")):
        lines = csv.DictReader(path.read_text("utf-8").splitlines())
        for number, row in enumerate(lines, start=2):
            one = _read(row)
            if one is None or (one.month, one.dataset, one.area_code) in found:
                raise ConfigurationError(
                    "DUE_EXCEPTION_INVALID",
                    f"Line {number} of {path.name} is no exception to a due date.",
                    "It needs a known dataset and area, a month (YYYY-MM), a date "
                    "(YYYY-MM-DD), a reason and who decided it; one line per report.",
                )
            found[one.month, one.dataset, one.area_code] = one
    return tuple(sorted(found.values()))


def _read(row: dict[str, str | None]) -> DueException | None:
    """A line as an exception; ``None`` where it is none."""
    try:
        one = DueException(
            month=CoverageMonth.parse(row["coverage_month"] or ""),
            dataset=row["dataset"] or "",
            area_code=row["area_code"] or "",
            due_on=dt.date.fromisoformat(row["due_on"] or ""),
            reason=(row["reason"] or "").strip(),
            decided_by=(row["decided_by"] or "").strip(),
        )
    except (KeyError, TypeError, ValueError, UsageError):
        return None
    named = one.dataset in DATASETS and name_of(one.area_code)
    return one if named and one.reason and one.decided_by else None
