"""The published rows of one release, and which of their figures may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa
import yaml

from cakupan.core import areas
from cakupan.core.month import CoverageMonth
from cakupan.core.resources import include
from cakupan.core.schema.mart import PUBLISHED
from cakupan.publish.reading import Release, selected
from cakupan.report.cells import Cell, Unit
from cakupan.report.disclosure import Key

Row = Mapping[str, Any]

#: Levels a report speaks of.
LEVELS = ("province", "regency")

#: What a row of each table is, beside its area.
KEYS: Mapping[str, tuple[str, ...]] = {
    "monthly_coverage": ("segment", "programme", "definition_id"),
    "monthly_protection": ("worker_group", "payer"),
    "monthly_village_coverage": ("worker_group",),
    "monthly_reporting": ("dataset",),
    "monthly_discrepancies": ("kind",),
    "monthly_funding": ("fiscal_year", "worker_group", "payer"),
    "monthly_benefits": ("programme",),
    "monthly_early_warning": ("kind", "worker_group"),
}

#: Measures of coverage that are the same whatever the denominator.
PERSONS_OF_COVERAGE = ("active_count", "paid_up_count", "grace_count", "lapsed_count")

#: Figures about people. Of claims too: each is of a person. Amounts follow from persons.
AMOUNTS = ("expected_rupiah", "paid_rupiah", "ineligible_rupiah")
PEOPLE: Mapping[str, frozenset[str]] = {
    "monthly_coverage": frozenset({*PERSONS_OF_COVERAGE, "membership_count"}),
    "monthly_protection": frozenset(
        {
            "registered_count",
            "verified_count",
            "determined_count",
            "active_count",
            "grace_count",
            "lapsed_count",
            "unenrolled_count",
            "ineligible_count",
            "review_count",
            "probable_count",
            "probable_pct",
        }
    ),
    "monthly_village_coverage": frozenset({"registered_count", "active_count"}),
    "monthly_reporting": frozenset(
        {"received_count", "accepted_count", "quarantined_count", "rejected_count"}
    ),
    "monthly_discrepancies": frozenset({"person_count", "rupiah"}),
    "monthly_funding": frozenset(
        {
            "registered_count",
            "active_count",
            "budgeted_not_active_count",
            "unpriced_count",
            "double_funded_count",
            *AMOUNTS,
        }
    ),
    "monthly_benefits": frozenset({"claim_count", "paid_rupiah"}),
    "monthly_early_warning": frozenset({"person_count"}),
}

#: Kinds of early warning whose count is of policies, which are public.
NOT_PEOPLE = frozenset({"policy_expiring"})

#: Figures that show another one: (table, measure) -> measures of the same row.
SHOWS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("monthly_coverage", "coverage_pct"): ("active_count",),
    ("monthly_coverage", "is_above_100"): ("active_count",),
    ("monthly_benefits", "paid_rupiah"): ("claim_count",),
    ("monthly_discrepancies", "rupiah"): ("person_count",),
}

#: Columns of the reporting matrix and of money that are not counts of persons.
_UNITS: Mapping[str, Unit] = {
    "months_covered": "decimal",
    "rupiah": "rupiah",
}


@cache
def rules() -> Mapping[str, Any]:
    """``include/reference/report.yml``."""
    found: dict[str, Any] = yaml.safe_load(
        include("reference", "report.yml").read_text("utf-8")
    )
    return found


@dataclass(frozen=True)
class Facts:
    """Rows of the province and its regencies in one release.

    Attributes:
        release: the release they are from.
        tables: rows by name of the published table, in the order of their key.
        visible: figures about people this edition may show; ``None`` for all.
    """

    release: Release
    tables: Mapping[str, tuple[Row, ...]]
    visible: frozenset[Key] | None = None

    @property
    def province(self) -> str:
        """Code of the province."""
        return self.release.province_code

    @property
    def month(self) -> CoverageMonth:
        """Coverage month."""
        return CoverageMonth.of(self.release.coverage_month)

    @property
    def regencies(self) -> tuple[str, ...]:
        """Codes of the regencies at the end of the month."""
        return areas.regencies(self.province, self.month.last_day)

    def rows(self, table: str, **where: object) -> Iterator[Row]:
        """Rows with these values, in the order of the key."""
        for row in self.tables[table]:
            if all(row[name] == value for name, value in where.items()):
                yield row

    def row(self, table: str, **where: object) -> Row | None:
        """The row with these values, ``None`` when there is none."""
        return next(self.rows(table, **where), None)

    def cell(self, table: str, row: Row | None, measure: str) -> Cell:
        """One published figure; no data where there is no row."""
        unit = unit_of(measure)
        if row is None:
            return Cell(None, unit)
        shown = (measure, *SHOWS.get((table, measure), ()))
        if any(self._is_hidden(table, row, name) for name in shown):
            return Cell(None, unit, is_hidden=True)
        return Cell(row[measure], unit)

    def total(self, table: str, measure: str, **where: object) -> Cell:
        """The sum over the payers of a group: everybody has one payer in a list."""
        found = list(self.rows(table, **where))
        unit = unit_of(measure)
        if not found or any(row[measure] is None for row in found):
            return Cell(None, unit)
        key = total_key(table, found[0], measure)
        if self.visible is not None and key not in self.visible:
            return Cell(None, unit, is_hidden=True)
        return Cell(sum(row[measure] for row in found), unit)

    def _is_hidden(self, table: str, row: Row, measure: str) -> bool:
        return (
            self.visible is not None
            and measure in PEOPLE[table]
            and row.get("kind") not in NOT_PEOPLE
            and row[measure] is not None
            and key_of(table, row, measure) not in self.visible
        )


def unit_of(measure: str) -> Unit:
    """The unit a column is in, by its name."""
    if measure in _UNITS:
        return _UNITS[measure]
    for ending, unit in (("_rupiah", "rupiah"), ("_pct", "pct"), ("_date", "date")):
        if measure.endswith(ending):
            return unit  # type: ignore[return-value]
    return "count"


def key_of(table: str, row: Row, measure: str) -> Key:
    """What a figure is known by; the same persons have the same key."""
    names = KEYS[table]
    if table == "monthly_coverage" and measure in PERSONS_OF_COVERAGE:
        names = names[:2]
    return (table, row["area_code"], *(str(row[name]) for name in names), measure)


def total_key(table: str, row: Row, measure: str) -> Key:
    """Key of the sum over the payers of a group in an area."""
    return (table, row["area_code"], row["worker_group"], "ALL", measure)


def read_facts(engine: sa.Engine, release: Release) -> Facts:
    """The rows of a release, nothing hidden.

    Raises:
        OperationalError: the database is away.
    """
    tables = {}
    for name, table in PUBLISHED.items():
        query = (
            sa.select(*table.columns)
            .where(table.c.release_id == release.release_id)
            .where(table.c.area_level.in_(LEVELS))
        )
        tables[name] = selected(engine, query).as_dicts()
    return facts_of(release, tables)


def facts_of(release: Release, tables: Mapping[str, Iterable[Row]]) -> Facts:
    """Facts from published rows in any order; districts and villages are left out."""

    # in Python, so that no collation of a database decides an order
    def place(name: str, row: Row) -> tuple[str, ...]:
        return (row["area_code"], *(str(row[key]) for key in KEYS[name]))

    return Facts(
        release,
        {
            name: tuple(
                sorted(
                    (row for row in rows if row["area_level"] in LEVELS),
                    key=lambda row: place(name, row),
                )
            )
            for name, rows in tables.items()
        },
    )


def persons_of(rupiah: Decimal) -> float:
    """How many persons an amount stands for at least."""
    return float(rupiah) / float(rules()["rupiah_of_one_person"])
