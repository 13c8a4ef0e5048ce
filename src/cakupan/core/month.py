"""The business month every number belongs to."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from cakupan.core.errors import UsageError

#: As written in Indonesian.
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus",
    "September", "Oktober", "November", "Desember",
)  # fmt: skip

_FORM = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, order=True, slots=True)
class CoverageMonth:
    """A calendar month, e.g. ``2026-09``."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (2000 <= self.year <= 2100 and 1 <= self.month <= 12):
            raise UsageError(
                "MONTH_INVALID",
                f"{self.year:04d}-{self.month:02d} is not a month.",
                "Write YYYY-MM.",
            )

    @classmethod
    def parse(cls, text: str) -> CoverageMonth:
        """Read ``YYYY-MM``.

        Raises:
            UsageError: the text is not a month.
        """
        found = _FORM.fullmatch(text.strip())
        if not found:
            raise UsageError("MONTH_INVALID", "Not a month.", "Write YYYY-MM.")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: dt.date) -> CoverageMonth:
        """The month a day lies in."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def in_words(self) -> str:
        """``September 2026``, in Indonesian."""
        return f"{MONTHS[self.month - 1]} {self.year}"

    @property
    def first_day(self) -> dt.date:
        """First day of the month: the value of every ``coverage_month`` column."""
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        """Last day of the month."""
        return dt.date(
            self.year, self.month, calendar.monthrange(self.year, self.month)[1]
        )

    def plus(self, months: int) -> CoverageMonth:
        """The month so many months later (or earlier, when negative)."""
        index = self.year * 12 + self.month - 1 + months
        return CoverageMonth(index // 12, index % 12 + 1)
