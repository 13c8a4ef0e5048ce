"""When a report or a contribution is due. Every on time and late rests on this module.

Nothing here reads a clock, so the same files always give the same answer.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from cakupan.core.contracts import Contract
from cakupan.core.due_exceptions import due_exceptions
from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.resources import include
from cakupan.core.settings import DEFAULT_TIMEZONE, Settings
from cakupan.core.workdays import next_working_day, working_rules

_LAST_SECOND = dt.time(23, 59, 59)


def due_at(
    agreed: Contract, month: CoverageMonth, province: str, settings: Settings
) -> dt.datetime | None:
    """Last second a report is on time, as UTC; ``None`` when it has no due day.

    The due day of the month after the coverage month, or the next working day of the
    provincial offices, in the local time of the province. A due day the month does not
    have (31 in April) is its last day.

    Args:
        agreed: contract of the dataset.
        month: coverage month.
        province: two-digit Kemendagri code.
        settings: its time zone decides where one is set.
    """
    if agreed.due_day is None:
        return None
    day = next_working_day(_day_of(month.plus(1), agreed.due_day), "reports")
    return _end_of(day, province, settings)


def due_at_by_exception(
    month: CoverageMonth, province: str, settings: Settings
) -> dict[tuple[str, str], dt.datetime]:
    """Last second of the reports that were allowed to come later.

    Returns:
        By dataset and area code of the sender; the end of the day in local time, as UTC.

    Raises:
        ConfigurationError: a line of ``due_exceptions*.csv`` is none.
    """
    return {
        (one.dataset, one.area_code): _end_of(one.due_on, province, settings)
        for one in due_exceptions()
        if one.month == month and one.area_code.split(".")[0] == province
    }


def _end_of(day: dt.date, province: str, settings: Settings) -> dt.datetime:
    zone = zone_of(province, settings)
    return dt.datetime.combine(day, _LAST_SECOND, tzinfo=zone).astimezone(dt.UTC)


def contribution_due_on(segment: str, month: CoverageMonth) -> dt.date:
    """Last day the contribution of a month is paid on time.

    BPU: the 15th of the month; PU: the 15th of the month after; the next working day if
    it is none. Source: ``include/reference/working_days.yml``.

    Raises:
        UsageError: no due date of the segment is known (JAKON, PMI).
    """
    known = working_rules()["contribution_due"]
    if segment not in known:
        raise UsageError(
            "DUE_DATE_UNKNOWN",
            "No due date of the contribution is known for this segment.",
            "Known: " + ", ".join(known) + ".",
        )
    rule = known[segment]
    due = _day_of(month.plus(rule["months_after"]), rule["day"])
    return next_working_day(due, "contributions")


def zone_of(province: str, settings: Settings) -> ZoneInfo:
    """Local time of a province: ``CAKUPAN_TIMEZONE`` where set, else its own.

    Source: ``include/reference/areas/timezones.csv``.
    """
    own = _zones().get(province)
    return settings.tz if settings.timezone or own is None else ZoneInfo(own)


def own_zone(province: str) -> ZoneInfo:
    """Local time of a province, whatever the deployment has set."""
    return ZoneInfo(_zones().get(province, DEFAULT_TIMEZONE))


@cache
def _zones() -> dict[str, str]:
    text = include("reference", "areas", "timezones.csv").read_text("utf-8")
    return {
        row["area_code"]: row["timezone"] for row in csv.DictReader(text.splitlines())
    }


def _day_of(month: CoverageMonth, day: int) -> dt.date:
    return month.first_day.replace(day=min(day, month.last_day.day))
