"""The contribution rates that are loaded, each with its months, source and certainty.

Source: ``include/reference/contribution_rates.csv`` and ``contribution_rules.yml``. The
first month held is January 2022; what an older month cost is not known here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import combinations
from typing import Any, Literal

import yaml

from cakupan.core.errors import ConfigurationError, UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.resources import include

SEGMENTS = ("PU", "BPU", "JAKON", "PMI")
PROGRAMMES = ("JKK", "JKM", "JHT", "JP", "JKP")
SECTOR_CLASSES = ("transport", "other")
#: From certain to uncertain: verified, derived, secondary, not verified.
CERTAINTIES = "VDSU"

Kind = Literal["fixed", "percent", "slice"]


@dataclass(frozen=True, slots=True)
class Rate:
    """One row: what one bearer pays for one programme while it is in force.

    Attributes:
        segment: ``PU``, ``BPU`` or ``JAKON``; no rate of PMI is known.
        programme: ``JKK``, ``JKM``, ``JHT``, ``JP`` or ``JKP``.
        borne_by: ``participant``, ``employer``, ``worker``, ``government``,
            ``contractor``; ``recomposed`` is the part of JKK that becomes JKP.
        risk_class: 1 (very low) to 5 (very high); ``None`` where it does not matter.
        sector_class: ``transport``, ``other`` or ``any``.
        payer_class: ``public``, ``private`` or ``any``.
        kind: ``fixed`` rupiah a month, ``percent`` of the base a month, or ``slice``:
            percent of the part of a contract between two bounds, once a project.
        value: rupiah, or percent.
        base_minimum: rupiah; a smaller or unstated base counts as this.
        base_maximum: rupiah; a larger base counts as this.
        slice_from: rupiah, lower bound of the slice.
        slice_to: rupiah, upper bound; ``None`` for the last slice.
        only_with: programme that must be held too for the row to count.
        valid_from: first month.
        valid_to: last month; ``None`` while no end is known.
        certainty: one of :data:`CERTAINTIES`.
        source: publisher and place, Indonesian.
        note: Indonesian, ``""`` when there is none.
    """

    segment: str
    programme: str
    borne_by: str
    risk_class: int | None
    sector_class: str
    payer_class: str
    kind: Kind
    value: Decimal
    base_minimum: int | None
    base_maximum: int | None
    slice_from: int | None
    slice_to: int | None
    only_with: str | None
    valid_from: CoverageMonth
    valid_to: CoverageMonth | None
    certainty: str
    source: str
    note: str

    def counts_in(self, month: CoverageMonth) -> bool:
        """Whether the row is in force in that month."""
        return self.valid_from <= month and (
            self.valid_to is None or month <= self.valid_to
        )

    def fits(self, sector_class: str, payer_class: str) -> bool:
        """Whether the row is meant for that sector and payer."""
        return self.sector_class in {"any", sector_class} and self.payer_class in {
            "any",
            payer_class,
        }


@dataclass(frozen=True, slots=True)
class Payer:
    """How a payer stands to the half rate of PP 50/2025.

    Attributes:
        name: as in ``sumber_dana`` and ``sumber_iuran``.
        payer_class: ``public`` (no half rate) or ``private``.
        certainty: one of :data:`CERTAINTIES`.
        note: Indonesian reason.
    """

    name: str
    payer_class: str
    certainty: str
    note: str


@cache
def rates() -> tuple[Rate, ...]:
    """All rows, in the order of the file.

    Raises:
        ConfigurationError: two rows count for the same case in the same month.
    """
    text = include("reference", "contribution_rates.csv").read_text("utf-8")
    return checked(read_rates(csv.DictReader(text.splitlines())))


def read_rates(rows: Iterable[Mapping[str, str]]) -> tuple[Rate, ...]:
    """Type the rows of the file."""
    return tuple(_rate(row) for row in rows)


def _rate(row: Mapping[str, str]) -> Rate:
    def number(name: str) -> int | None:
        return int(row[name]) if row[name] else None

    kind = row["kind"]
    if kind not in {"fixed", "percent", "slice"} or row["certainty"] not in CERTAINTIES:
        raise ConfigurationError(
            "RATES_INVALID",
            f"A rate of {row['segment']} {row['programme']} has an unknown kind or "
            "certainty.",
            "See include/reference/README.md.",
        )
    return Rate(
        segment=row["segment"],
        programme=row["programme"],
        borne_by=row["borne_by"],
        risk_class=number("risk_class"),
        sector_class=row["sector_class"],
        payer_class=row["payer_class"],
        kind=kind,  # type: ignore[arg-type]  # one of the three, see above
        value=Decimal(row["value"]),
        base_minimum=number("base_minimum"),
        base_maximum=number("base_maximum"),
        slice_from=number("slice_from"),
        slice_to=number("slice_to"),
        only_with=row["only_with"] or None,
        valid_from=CoverageMonth.parse(row["valid_from"]),
        valid_to=CoverageMonth.parse(row["valid_to"]) if row["valid_to"] else None,
        certainty=row["certainty"],
        source=row["source"],
        note=row["note"],
    )


def checked(given: tuple[Rate, ...]) -> tuple[Rate, ...]:
    """The same rows, when no case has two rates in one month.

    Raises:
        ConfigurationError: two rows overlap.
    """
    for one, other in combinations(given, 2):
        same = (one.segment, one.programme, one.borne_by, one.risk_class) == (
            other.segment,
            other.programme,
            other.borne_by,
            other.risk_class,
        ) and one.slice_from == other.slice_from
        last = min(
            (row.valid_to for row in (one, other) if row.valid_to is not None),
            default=None,
        )
        first = max(one.valid_from, other.valid_from)
        if (
            same
            and _meet(one.sector_class, other.sector_class)
            and _meet(one.payer_class, other.payer_class)
            and (last is None or first <= last)
        ):
            raise ConfigurationError(
                "RATES_OVERLAP",
                f"Two rates of {one.segment} {one.programme} count in {first}.",
                "End the older row of contribution_rates.csv the month before.",
            )
    return given


def _meet(one: str, other: str) -> bool:
    return one == other or "any" in {one, other}


@cache
def _rules() -> dict[str, Any]:
    path = include("reference", "contribution_rules.yml")
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


@cache
def payers() -> dict[str, Payer]:
    """Every payer by name."""
    return {name: Payer(name, **said) for name, said in _rules()["payers"].items()}


def payer_of(name: str) -> Payer:
    """The payer of that name.

    Raises:
        UsageError: there is no such payer.
    """
    if name not in payers():
        raise UsageError(
            "PAYER_UNKNOWN",
            "A payer is not known.",
            "Known: " + ", ".join(payers()) + ".",
        )
    return payers()[name]


@cache
def transport_pattern() -> str:
    """Regular expression that finds a word of the transport sector in lower case."""
    words = [word for line in _rules()["transport_words"] for word in line]
    return r"\b(" + "|".join(words) + r")\b"


def sector_class_of(label: str | None) -> str:
    """``transport`` or ``other`` from the free text of a sector or occupation."""
    found = re.search(transport_pattern(), (label or "").lower(), re.ASCII)
    return "transport" if found else "other"


@cache
def income_brackets() -> tuple[tuple[int, int], ...]:
    """(income from, base of the contribution) of BPU, rising; empty while unknown."""
    return tuple(
        sorted(
            (int(row["income_from"]), int(row["base"]))
            for row in _rules()["bpu_income_brackets"]
        )
    )
