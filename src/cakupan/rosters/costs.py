"""What one person costs in a period: the rate of every month, by payer and sector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.rates import contribution
from cakupan.core.rates.reference import SECTOR_CLASSES

#: Who pays for somebody else; one payer, as two do not sign one decree.
PAYERS = ("apbd_kab", "apbd_prov", "apbdes", "apbn", "csr", "dbh_sawit")


@dataclass(frozen=True, slots=True)
class MonthCost:
    """One month of one person: JKK and JKM of BPU at the minimum base.

    ``by_class`` holds rupiah per sector class.
    """

    month: CoverageMonth
    by_class: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PeriodCost:
    """Rupiah of one person for the whole period.

    Attributes:
        months: in order.
        by_class: rupiah of all months together, per sector class.
        notes: what is to be confirmed about the rates, Indonesian.
    """

    months: tuple[MonthCost, ...]
    by_class: Mapping[str, int]
    notes: tuple[str, ...]


def period_cost(payer: str, start: CoverageMonth, months: int) -> PeriodCost:
    """The cost of a period; rates may change from month to month (rule 8).

    Args:
        payer: one of :data:`PAYERS`.
        start: first month.
        months: how many, from 1.

    Raises:
        UsageError: the payer does not pay for others, or no month is asked for.
        ConfigurationError: the rate of a month is not known.
    """
    if payer not in PAYERS:
        raise UsageError(
            "PAYER_INVALID",
            "A proposal needs one payer that pays for others.",
            "--payer " + ", ".join(PAYERS) + ".",
        )
    if months < 1:
        raise UsageError("MONTHS_INVALID", "No month.", "--months is 1 or more.")
    made: list[MonthCost] = []
    notes: dict[str, None] = {}
    for month in (start.plus(offset) for offset in range(months)):
        found = {
            name: contribution("BPU", month, payer=payer, sector_class=name)
            for name in SECTOR_CLASSES
        }
        made.append(
            MonthCost(month, {name: one.total_rupiah for name, one in found.items()})
        )
        notes |= dict.fromkeys(note for one in found.values() for note in one.notes)
    return PeriodCost(
        months=tuple(made),
        by_class={
            name: sum(one.by_class[name] for one in made) for name in SECTOR_CLASSES
        },
        notes=tuple(notes),
    )
