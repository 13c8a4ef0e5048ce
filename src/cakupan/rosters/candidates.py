"""Who could be proposed, and why the others are not: one warehouse slice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from cakupan.core.area import AreaCode
from cakupan.core.database import database_errors
from cakupan.core.errors import UsageError
from cakupan.core.lake import sql_text
from cakupan.core.month import CoverageMonth
from cakupan.core.rates import sector_class_of
from cakupan.core.schema import ops
from cakupan.rosters.choice import Candidate
from cakupan.rosters.priority import Priority

#: Why somebody is not proposed, in the order the reasons are looked at.
REASONS: Mapping[str, str] = {
    "not_verified": "belum terverifikasi atau ditetapkan",
    "other_area": "terdaftar juga di wilayah lain dan diusulkan di sana",
    "deceased": "meninggal (Dukcapil atau klaim JKM)",
    "became_asn": "menjadi ASN, TNI atau POLRI",
    "identity_conflict": "identitas perlu diperiksa",
    "ineligible_age": "umur di luar syarat kepesertaan",
    "covered_by_employer": "aktif sebagai pekerja penerima upah",
    "state_unknown": "keadaan tidak diketahui: tidak ada data BPJS",
    "active": "sudah terlindungi",
    "other_payer": "masih dalam perlindungan yang dibayar sumber lain",
    "already_paid": "iuran bulan ini sudah dibayar",
    "not_in_priority": "keadaannya tidak termasuk yang diusulkan",
    "other_group": "terdaftar juga di kelompok pekerja lain",
    "listed_for_other_payer": "menurut daftar dibayar sumber dana lain",
    "reaching_age_limit": "melewati batas umur dalam enam bulan",
    "other_profession": "profesinya tidak disebut aturan provinsi",
}


@dataclass(frozen=True, slots=True)
class Candidates:
    """The people of an area.

    Attributes:
        people: who may be proposed, by pseudonym.
        excluded: persons per reason, in the order of :data:`REASONS`.
        inputs_hash: fingerprint of the warehouse slice they come from.
    """

    people: tuple[Candidate, ...]
    excluded: Mapping[str, int]
    inputs_hash: str

    @property
    def registered_count(self) -> int:
        """Everybody of the area: proposed or not, each person once."""
        return len(self.people) + sum(self.excluded.values())


def read_candidates(
    engine: sa.Engine,
    month: CoverageMonth,
    area: AreaCode,
    payer: str,
    priority: Priority,
) -> Candidates:
    """The verified vulnerable workers of an area who are not protected yet.

    Args:
        engine: the warehouse; nothing of the vault is read.
        month: coverage month whose slice says who is protected.
        area: of any level.
        payer: who is to pay.
        priority: which states and optional reasons count.

    Raises:
        UsageError: the month is not loaded, nobody is registered there, or no extract
            of BPJS covers the area.
    """
    inputs_hash = slice_hash(engine, area.code[:2], month)
    rows = _rows(engine, month, area, payer)
    if not rows:
        raise UsageError(
            "NOBODY_REGISTERED",
            f"No list of vulnerable workers of {area.code} holds anybody in {month}.",
            "`cakupan status --month YYYY-MM` shows which lists came.",
        )
    people: list[Candidate] = []
    excluded: Counter[str] = Counter()
    for row in rows:
        reason = row["reason"] or _left_out(row, priority)
        if reason is not None:
            excluded[reason] += 1
            continue
        people.append(
            Candidate(
                person_id=row["person_id"],
                area_code=row["area_code"],
                village_code=row["village_code"],
                occupation=row["occupation"],
                age_years=row["age_years"],
                since=row["since"],
                state=row["state"],
                sector_class=sector_class_of(row["sector"]),
                is_reaching_age_limit=row["is_reaching_age_limit"],
                registration_status=row["registration_status"],
            )
        )
    if excluded["state_unknown"] and not _is_any_state_known(rows):
        raise UsageError(
            "STATE_UNKNOWN",
            f"No extract of BPJS covers {area.code} in {month}: who is protected there "
            "is not known, so nobody can be proposed.",
            "Submit bpjs_kepesertaan of the month, run it, or choose another --month.",
        )
    return Candidates(
        people=tuple(people),
        excluded={name: excluded[name] for name in REASONS if excluded[name]},
        inputs_hash=inputs_hash,
    )


def slice_hash(engine: sa.Engine, province: str, month: CoverageMonth) -> str:
    """Fingerprint of what the warehouse holds of a month.

    Raises:
        UsageError: the month is not loaded.
    """
    table = ops.slices
    query = (
        sa.select(table.c.inputs_hash)
        .where(table.c.province_code == province)
        .where(table.c.coverage_month == month.first_day)
        .where(table.c.stage == "warehouse")
    )
    with database_errors(), engine.connect() as connection:
        found: str | None = connection.execute(query).scalar()
    if found is None:
        raise UsageError(
            "MONTH_NOT_LOADED",
            f"The warehouse holds nothing of province {province} in {month}.",
            "`cakupan run --month YYYY-MM` loads it; `cakupan status` lists months.",
        )
    return found


def latest_month(engine: sa.Engine, province: str) -> CoverageMonth:
    """The latest month the warehouse holds of a province.

    Raises:
        UsageError: there is none.
    """
    table = ops.slices
    query = (
        sa.select(sa.func.max(table.c.coverage_month))
        .where(table.c.province_code == province)
        .where(table.c.stage == "warehouse")
        .where(table.c.inputs_hash.is_not(None))
    )
    with database_errors(), engine.connect() as connection:
        found = connection.execute(query).scalar()
    if found is None:
        raise UsageError(
            "MONTH_NOT_LOADED",
            f"The warehouse holds nothing of province {province}.",
            "`cakupan run` loads what was submitted.",
        )
    return CoverageMonth.of(found)


def _rows(
    engine: sa.Engine, month: CoverageMonth, area: AreaCode, payer: str
) -> Sequence[sa.RowMapping]:
    query = sa.text(sql_text("07_rosters", "candidates", "load.sql"))
    values = {
        "province_code": area.code[:2],
        "coverage_month": month.first_day,
        "month_end": month.last_day,
        "area_code": area.code,
        "payer": payer,
    }
    with database_errors(), engine.connect() as connection:
        return connection.execute(query, values).mappings().all()


def _left_out(row: sa.RowMapping, priority: Priority) -> str | None:
    """The reason the configuration gives, if any."""
    if row["state"] not in priority.states:
        return "not_in_priority"
    facts = {
        "other_group": row["has_other_group"],
        "listed_for_other_payer": row["has_other_listed_payer"],
        "reaching_age_limit": row["is_reaching_age_limit"],
        "other_profession": priority.profession_of(row["occupation"]) is None,
    }
    return next(
        (name for name, holds in facts.items() if holds and name in priority.excluded),
        None,
    )


def _is_any_state_known(rows: Sequence[sa.RowMapping]) -> bool:
    return any(row["state"] is not None for row in rows)
