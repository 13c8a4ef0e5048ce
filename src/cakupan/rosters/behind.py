"""The persons behind a published number, for a steward."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cakupan.core import areas, names
from cakupan.core.area import AreaCode
from cakupan.core.database import database_errors
from cakupan.core.errors import UsageError
from cakupan.core.lake import sql_text
from cakupan.core.month import CoverageMonth
from cakupan.rosters.book import Column, restricted_book
from cakupan.rosters.vault import Identity
from cakupan.rosters.warnings import PERSON_COLUMNS, person_cells, read_warnings

#: Published table without ``monthly_`` -> its query and the keys that choose.
_QUERIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "coverage": ("behind_coverage", ("segment",)),
    "protection": ("behind_registry", ("worker_group", "payer")),
    "village_coverage": ("behind_registry", ("worker_group", "payer")),
    "funding": ("behind_funding", ("worker_group", "payer")),
    "benefits": ("behind_benefits", ("programme",)),
    "discrepancies": ("behind_discrepancies", ("kind",)),
}

_COVERED = frozenset({"active", "grace_1", "grace_2"})
#: Measure -> states of the people it counts.
_STATES: Mapping[str, frozenset[str]] = {
    "active_count": _COVERED,
    "lapsed_count": frozenset({"lapsed"}),
    "unenrolled_count": frozenset({"not_enrolled"}),
    "review_count": frozenset({"review"}),
}
#: Measures that count everybody the query finds, by table.
_EVERYBODY = frozenset(
    {
        ("protection", "registered_count"),
        ("village_coverage", "registered_count"),
        ("benefits", "claim_count"),
        ("discrepancies", "person_count"),
        ("discrepancies", "rupiah"),
        ("early_warning", "person_count"),
    }
)

_COLUMNS = (
    Column("No.", 6, "count"),
    *PERSON_COLUMNS,
    Column("Wilayah", 24),
    Column("Desa/Kelurahan", 20),
    Column("Kelompok", 18),
    Column("Segmen/program", 12),
    Column("Sumber dana", 14),
    Column("Keadaan/jenis", 16),
    Column("Keterangan", 30),
    Column("Rupiah", 14, "rupiah"),
)


@dataclass(frozen=True, slots=True)
class Behind:
    """One row behind a number.

    Attributes:
        person_id: pseudonym; ``None`` where nobody is known.
        area_code: where it counts.
        village_code: where known.
        worker_group: of the lists.
        segment: of the memberships, or the programme of a claim.
        payer: who pays.
        state: of protection or membership, or the kind of the discrepancy or warning.
        detail: without personal values.
        rupiah: paid or at stake.
    """

    person_id: uuid.UUID | None
    area_code: str
    village_code: str | None
    worker_group: str | None
    segment: str | None
    payer: str | None
    state: str | None
    detail: str | None
    rupiah: Decimal | None


def read_behind(
    engine: sa.Engine,
    name: str,
    month: CoverageMonth,
    area: AreaCode,
    where: Mapping[str, str],
    measure: str | None = None,
) -> tuple[Behind, ...]:
    """Everybody who counts in the rows of one area in one published table.

    Args:
        engine: the warehouse; nothing of the vault is read.
        name: published table without ``monthly_``.
        month: coverage month.
        area: of any level the table has.
        where: key column -> value; keys that choose no persons (a denominator, a fiscal
            year) are left aside, those left out mean all.
        measure: only those this column counts; everybody of the row when ``None``.

    Raises:
        UsageError: the table counts no persons, or of the measure it is not known whom.
    """
    found = _everybody(engine, name, month, area, where)
    if measure is None or (name, measure) in _EVERYBODY:
        return found
    if measure in _STATES and (
        name in {"protection", "village_coverage"}
        or (name, measure) == ("funding", "active_count")
    ):
        return tuple(one for one in found if one.state in _STATES[measure])
    if (name, measure) == ("funding", "registered_count"):
        return tuple(one for one in found if one.state is not None)
    if (name, measure) == ("funding", "double_funded_count"):
        twice = _paid_twice(engine, month, area, where.get("payer", "ALL"))
        return tuple(one for one in found if one.person_id in twice)
    raise UsageError(
        "MEASURE_NOT_LISTED",
        f"Who is behind {measure} of monthly_{name} is not listed by itself.",
        "Leave out --measure: the list then holds everybody of the row, with the state.",
    )


def _paid_twice(
    engine: sa.Engine, month: CoverageMonth, area: AreaCode, payer: str
) -> set[uuid.UUID | None]:
    """People two payers pay for, this one among them."""
    rows = _everybody(engine, "discrepancies", month, area, {"kind": "double_funded"})
    return {
        one.person_id
        for one in rows
        if payer == "ALL"
        or payer
        in re.split(r"[^a-z_]+", (one.detail or "").partition("sumber_iuran=")[2])
    }


def _everybody(
    engine: sa.Engine,
    name: str,
    month: CoverageMonth,
    area: AreaCode,
    where: Mapping[str, str],
) -> tuple[Behind, ...]:
    if name == "early_warning":
        return _warned(engine, month, area, where)
    if name not in _QUERIES:
        raise UsageError(
            "NO_PERSONS", f"monthly_{name} counts no persons.", "Leave out --persons."
        )
    query, keys = _QUERIES[name]
    values = {
        "province_code": area.code[:2],
        "coverage_month": month.first_day,
        "area_code": area.code,
        **{key: where.get(key, "ALL") for key in keys},
    }
    with database_errors(), engine.connect() as connection:
        text = sa.text(sql_text("07_rosters", query, "load.sql"))
        rows = connection.execute(text, values).mappings().all()
    return tuple(Behind(**row) for row in rows)


def write_behind(
    target: Path,
    scratch: Path,
    title: str,
    rows: tuple[Behind, ...],
    people: Mapping[uuid.UUID, Identity],
) -> None:
    """Write the names behind a number.

    Args:
        target: XLSX file; mode 0600.
        scratch: folder for the rows while they are written.
        title: table, area and month.
        rows: in the order they are listed; those without a person are counted only.
        people: identity of everybody listed.

    Raises:
        UsageError: the file cannot be written.
    """
    known = [one for one in rows if one.person_id is not None]
    with restricted_book(target, scratch, "Orang di balik angka") as book:
        lines: list[tuple[str, str | int]] = [
            ("Orang", len({one.person_id for one in known})),
            ("Baris", len(rows)),
            ("Baris tanpa orang yang dikenal", len(rows) - len(known)),
        ]
        book.lines("Baca dulu", title, lines)
        sheet = book.sheet("Orang")
        book.header(sheet, 0, _COLUMNS)
        sheet.freeze_panes(1, 2)
        for number, one in enumerate(known, start=1):
            if one.person_id is None:
                continue
            book.row(
                sheet,
                number,
                _COLUMNS,
                (number, *person_cells(people[one.person_id]), *_cells(one)),
            )


def _cells(one: Behind) -> tuple[Any, ...]:
    return (
        areas.name_of(one.area_code) or one.area_code,
        areas.name_of(one.village_code) if one.village_code else None,
        names.listed(names.GROUPS, one.worker_group),
        one.segment,
        names.listed(names.PAYERS, one.payer),
        names.state(one.state),
        one.detail,
        one.rupiah,
    )


def _warned(
    engine: sa.Engine, month: CoverageMonth, area: AreaCode, where: Mapping[str, str]
) -> tuple[Behind, ...]:
    """People of the row ``ALL`` unless a group is named."""
    group = where.get("worker_group", "ALL")
    found = read_warnings(engine, month, area, where.get("kind"))
    return tuple(
        Behind(
            person_id=one.person_id,
            area_code=one.area_code,
            village_code=one.village_code,
            worker_group=one.worker_groups,
            segment=None,
            payer=one.payers,
            state=one.kind,
            detail=None,
            rupiah=None,
        )
        for one in found.people
        if (
            one.is_counted
            if group == "ALL"
            else group in (one.worker_groups or "").split(", ")
        )
    )
