"""One figure of a report, and how it is written in Indonesian."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from cakupan.core.month import MONTHS

Unit = Literal["text", "count", "rupiah", "pct", "points", "date", "change", "decimal"]
Value = int | Decimal | dt.date | str | None

#: What stands for a hidden figure and for one there is no data of.
HIDDEN = "*"
NO_DATA = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with its unit.

    Attributes:
        value: ``None`` for no data, and where it is hidden.
        unit: how it is written.
        is_hidden: left out of this edition.
    """

    value: Value
    unit: Unit = "text"
    is_hidden: bool = False

    @property
    def number(self) -> Decimal | None:
        """The value to compare or draw; ``None`` when there is none to show."""
        if isinstance(self.value, int | Decimal):
            return Decimal(self.value)
        return None

    def __str__(self) -> str:
        if self.is_hidden:
            return HIDDEN
        if self.value is None:
            return NO_DATA
        return _written(self.value, self.unit)

    @property
    def is_missing(self) -> bool:
        """No data, and none that is only not shown."""
        return self.value is None and not self.is_hidden

    @property
    def words(self) -> str:
        """The value inside a sentence."""
        if self.is_hidden:
            return "(disamarkan)"
        if self.value is None:
            return "(tidak ada data)"
        return str(self)

    @property
    def aside(self) -> str:
        """The value between brackets behind another one."""
        return f"({self})" if self.value is not None else self.words


def text(value: str | None) -> Cell:
    """A text."""
    return Cell(value)


def number(value: int | Decimal, decimals: int | None = None) -> str:
    """``1.234.567,89``; whole when ``decimals`` is ``None`` and nothing is lost."""
    exact = Decimal(value)
    if decimals is None:
        decimals = 0 if exact == exact.to_integral_value() else 2
    shown = f"{exact:,.{decimals}f}"
    return shown.replace(",", " ").replace(".", ",").replace(" ", ".")


def date(day: dt.date) -> str:
    """``1 September 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def derived(rule: Callable[..., Value], unit: Unit, cells: Iterable[Cell]) -> Cell:
    """A figure computed from others: hidden with any, no data without any."""
    sources = tuple(cells)
    if any(cell.is_hidden for cell in sources):
        return Cell(None, unit, is_hidden=True)
    values = [cell.value for cell in sources]
    if any(value is None for value in values):
        return Cell(None, unit)
    return Cell(rule(*values), unit)


def difference(now: Cell, before: Cell, unit: Unit) -> Cell:
    """Now less before."""
    return derived(lambda one, other: one - other, unit, (now, before))


def points(part: Cell, whole: Cell, part_then: Cell, whole_then: Cell) -> Cell:
    """Percentage points from then to now, of the exact shares, two decimals, half up."""

    def rule(*sides: int | Decimal) -> Decimal | None:
        one, other, one_then, other_then = map(Decimal, sides)
        if not other or not other_then:
            return None
        exact = 100 * one / other - 100 * one_then / other_then
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)

    return derived(rule, "points", (part, whole, part_then, whole_then))


def share(part: Cell, whole: Cell) -> Cell:
    """Percent of the whole, two decimals, half up; no data for a whole of zero."""

    def rule(one: int | Decimal, other: int | Decimal) -> Decimal | None:
        if not other:
            return None
        exact = 100 * Decimal(one) / Decimal(other)
        return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)

    return derived(rule, "pct", (part, whole))


def _written(value: int | Decimal | dt.date | str, unit: Unit) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dt.date):
        return date(value)
    forms: dict[str, str] = {
        "pct": f"{number(value, 2)}%",
        "points": _signed(value, 2),
        "change": _signed(value, None),
        "rupiah": f"Rp{number(value)}",
        "decimal": number(value, 2),
    }
    return forms.get(unit, number(value))


def _signed(value: int | Decimal, decimals: int | None) -> str:
    shown = number(abs(Decimal(value)), decimals)
    return shown if not value else f"{'+' if value > 0 else '−'}{shown}"
