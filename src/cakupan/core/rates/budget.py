"""Budgets in person-months: how far money reaches, and who pays which part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

from cakupan.core.errors import UsageError


@dataclass(frozen=True, slots=True)
class MonthsCovered:
    """How many months a budget pays for a number of people.

    Attributes:
        exact: months as a fraction; never assumed to be a whole year.
        left_rupiah: what is left after the last whole month for everybody.
    """

    exact: Fraction
    left_rupiah: int

    @property
    def whole_months(self) -> int:
        """Months everybody can be paid for."""
        return int(self.exact)

    def months(self, places: int = 2) -> Decimal:
        """Rounded half up, for showing only."""
        with localcontext(prec=60):
            shown = Decimal(self.exact.numerator) / Decimal(self.exact.denominator)
            return shown.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def budget_needed(person_count: int, rupiah_per_month: int, months: int) -> int:
    """Rupiah for so many people and months."""
    _positive(person_count, rupiah_per_month, months)
    return person_count * rupiah_per_month * months


def months_covered(
    budget_rupiah: int, person_count: int, rupiah_per_month: int
) -> MonthsCovered:
    """How far a budget reaches.

    Args:
        budget_rupiah: the whole budget.
        person_count: people to be paid for.
        rupiah_per_month: of one person (see ``contribution(...).total_rupiah``).

    Raises:
        UsageError: there is nobody to pay for, nothing to pay, or a negative number.
    """
    monthly = budget_needed(person_count, rupiah_per_month, 1)
    _positive(budget_rupiah)
    if not monthly:
        raise UsageError(
            "BUDGET_INVALID", "Nobody to pay for.", "Give people and a rate above 0."
        )
    return MonthsCovered(Fraction(budget_rupiah, monthly), budget_rupiah % monthly)


@dataclass(frozen=True, slots=True)
class SharedMonth:
    """One person-month paid by several.

    Attributes:
        by_payer: rupiah that count for each payer; they add up to what is covered.
        unpaid_rupiah: what nobody pays.
        over_rupiah: what is paid beyond the contribution.
    """

    by_payer: Mapping[str, int]
    unpaid_rupiah: int
    over_rupiah: int


def share(
    due_rupiah: int, subsidies: Mapping[str, int], rest: str | None = None
) -> SharedMonth:
    """Divide one person-month among its payers.

    Args:
        due_rupiah: the contribution of the month.
        subsidies: fixed rupiah each payer gives, e.g. ``{"apbd_kab": 10_000}``.
        rest: payer of what the subsidies leave, ``None`` when nobody is known to.

    Raises:
        UsageError: an amount is negative.
    """
    _positive(due_rupiah, *subsidies.values())
    given = sum(subsidies.values())
    missing = max(0, due_rupiah - given)
    by_payer = dict(subsidies)
    if rest is not None:
        by_payer[rest] = by_payer.get(rest, 0) + missing
        missing = 0
    return SharedMonth(by_payer, missing, max(0, given - due_rupiah))


def _positive(*amounts: int) -> None:
    if any(amount < 0 for amount in amounts):
        raise UsageError("BUDGET_INVALID", "A number is negative.", "Give 0 or more.")
