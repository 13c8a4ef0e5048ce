"""Early warnings by name: the people behind ``mart.monthly_early_warning``."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cakupan.core import areas, names
from cakupan.core.area import AreaCode
from cakupan.core.database import database_errors
from cakupan.core.errors import UsageError
from cakupan.core.horizons import warning_horizons
from cakupan.core.lake import sql_text
from cakupan.core.month import CoverageMonth
from cakupan.rosters.book import Book, Column, restricted_book
from cakupan.rosters.vault import Identity

#: Kinds of persons; how a sheet is called, and what its date means.
KINDS: Mapping[str, tuple[str, str]] = {
    "unpaid_1": ("Menunggak 1 bulan", "Lunas sampai bulan"),
    "unpaid_2": ("Menunggak 2 bulan", "Lunas sampai bulan"),
    "under_3_months": ("Peserta baru (JKM Rp10 juta)", "Tanggal kepesertaan"),
    "reaching_age_limit": ("Mendekati batas umur", "Tanggal"),
    "decree_expiring": ("Penetapan akan berakhir", "Berlaku sampai"),
}

#: Policies are no persons, but are warned of too.
POLICIES = "policy_expiring"

_POLICY_COLUMNS = (
    Column("Wilayah", 26),
    Column("Jenis", 10),
    Column("Nomor", 24),
    Column("Tanggal", 12, "date"),
    Column("Berlaku sampai", 14, "date"),
    Column("Tentang", 60),
)


@dataclass(frozen=True, slots=True)
class Warned:
    """One person and one reason.

    Attributes:
        person_id: pseudonym.
        kind: one of :data:`KINDS`.
        area_code: regency of the membership or sender of the list.
        village_code: where known.
        worker_groups: lists that have the person, comma-separated.
        payers: who pays, comma-separated.
        fact_date: see the column titles of :data:`KINDS`.
        is_counted: part of the published row ``ALL``.
    """

    person_id: uuid.UUID
    kind: str
    area_code: str
    village_code: str | None
    worker_groups: str | None
    payers: str | None
    fact_date: Any
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Warnings:
    """What a month warns of in an area.

    ``policies`` holds rows of ``warned_policies``: nothing personal.
    """

    people: tuple[Warned, ...]
    policies: tuple[Mapping[str, Any], ...]

    def counted(self, kind: str) -> int:
        """Persons of the published row ``ALL`` (policies for ``policy_expiring``)."""
        if kind == POLICIES:
            return len(self.policies)
        return sum(one.kind == kind and one.is_counted for one in self.people)


def read_warnings(
    engine: sa.Engine, month: CoverageMonth, area: AreaCode, kind: str | None = None
) -> Warnings:
    """The people warned of, by pseudonym, and the policies.

    Args:
        engine: the warehouse.
        month: coverage month.
        area: a province or regency.
        kind: only this one.

    Raises:
        UsageError: the kind is not known, or the area is smaller than a regency.
    """
    check_kind(kind)
    if area.level not in {"province", "regency"}:
        raise UsageError(
            "AREA_TOO_SMALL",
            "Early warnings are made for provinces and regencies.",
            "Give a code such as 64 or 64.02.",
        )
    horizons = warning_horizons()
    values = {
        "province_code": area.code[:2],
        "coverage_month": month.first_day,
        "month_end": month.last_day,
        "decree_until": month.plus(horizons["decree_months"]).last_day,
        "policy_until": month.plus(horizons["policy_months"]).last_day,
        "area_code": area.code,
    }
    with database_errors(), engine.connect() as connection:
        people = connection.execute(_query("warned_people"), values).mappings().all()
        found = connection.execute(_query("warned_policies"), values).mappings().all()
    return Warnings(
        people=tuple(Warned(**row) for row in people if kind in {None, row["kind"]}),
        policies=tuple(dict(row) for row in found) if kind in {None, POLICIES} else (),
    )


def check_kind(kind: str | None) -> None:
    """Whether there is such a kind.

    Raises:
        UsageError: there is not.
    """
    if kind is not None and kind not in {*KINDS, POLICIES}:
        raise UsageError(
            "KIND_UNKNOWN",
            "There is no such kind of early warning.",
            "Known: " + ", ".join([*KINDS, POLICIES]) + ".",
        )


def write_warnings(
    target: Path,
    scratch: Path,
    area: AreaCode,
    month: CoverageMonth,
    found: Warnings,
    people: Mapping[uuid.UUID, Identity],
) -> None:
    """Write the names: one sheet per kind, one for the policies.

    Args:
        target: XLSX file; mode 0600.
        scratch: folder for the rows while they are written.
        area: for the titles.
        month: for the titles.
        found: whom to list.
        people: identity of every person listed.

    Raises:
        UsageError: the file cannot be written.
    """
    where = f"{area.code} {areas.name_of(area.code) or ''}".strip()
    with restricted_book(target, scratch, "Peringatan dini") as book:
        lines: list[tuple[str, str | int]] = [
            (title, found.counted(kind)) for kind, (title, _) in KINDS.items()
        ]
        book.lines(
            "Baca dulu",
            f"Peringatan dini {where}, {month.in_words}",
            [*lines, ("Kebijakan akan berakhir", found.counted(POLICIES))],
        )
        for kind, (title, date_title) in KINDS.items():
            listed = [one for one in found.people if one.kind == kind]
            if listed:
                _write_people(book, title, date_title, listed, people)
        if found.policies:
            sheet = book.sheet("Kebijakan akan berakhir")
            book.header(sheet, 0, _POLICY_COLUMNS)
            for row, one in enumerate(found.policies, start=1):
                values = (areas.name_of(one["area_code"]), *list(one.values())[1:])
                book.row(sheet, row, _POLICY_COLUMNS, values)


def _write_people(
    book: Book,
    title: str,
    date_title: str,
    listed: Sequence[Warned],
    people: Mapping[uuid.UUID, Identity],
) -> None:
    columns = (
        Column("No.", 6, "count"),
        *PERSON_COLUMNS,
        Column("Wilayah", 24),
        Column("Desa/Kelurahan", 20),
        Column("Kelompok", 20),
        Column("Sumber iuran", 14),
        Column(date_title, 14, "date"),
    )
    sheet = book.sheet(title)
    book.header(sheet, 0, columns)
    sheet.freeze_panes(1, 2)
    for number, one in enumerate(listed, start=1):
        village = one.village_code
        book.row(
            sheet,
            number,
            columns,
            (
                number,
                *person_cells(people[one.person_id]),
                areas.name_of(one.area_code) or one.area_code,
                areas.name_of(village) if village else None,
                names.listed(names.GROUPS, one.worker_groups),
                names.listed(names.PAYERS, one.payers),
                one.fact_date,
            ),
        )


#: Who somebody is, in lists that are not an annex.
PERSON_COLUMNS = (
    Column("Nama", 30),
    Column("NIK", 19),
    Column("KPJ (bila tanpa NIK)", 14),
    Column("Tanggal lahir", 12, "date"),
    Column("Alamat", 32),
    Column("Telepon", 16),
)


def person_cells(who: Identity) -> tuple[Any, ...]:
    """Values of :data:`PERSON_COLUMNS`."""
    return who.name, who.nik, who.kpj, who.birth_date, who.address, who.phone


def _query(name: str) -> sa.TextClause:
    return sa.text(sql_text("07_rosters", name, "load.sql"))
