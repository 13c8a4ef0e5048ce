"""Districts of a regency, for its scorecard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from cakupan.core import areas
from cakupan.core.schema.mart import monthly_coverage, monthly_protection
from cakupan.publish.reading import Release, selected
from cakupan.report.cells import Cell, share
from cakupan.report.document import Column, Table

#: The group whose protection a regency decides about.
GROUP = "pekerja_rentan"


@dataclass(frozen=True, slots=True)
class District:
    """Published counts of persons of one district; ``None`` for no data.

    Attributes:
        code: area.
        wage: active, segment PU.
        own: active, segment BPU.
        registered: vulnerable workers in the list.
        protected: those of them who are active.
    """

    code: str
    wage: int | None
    own: int | None
    registered: int | None
    protected: int | None


def read_districts(
    engine: sa.Engine, release: Release, regency: str
) -> tuple[District, ...]:
    """The districts of a regency in a release, by code; none for a province."""
    if "." not in regency:
        return ()

    def of(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            table.c.release_id == release.release_id,
            table.c.area_level == "district",
            table.c.area_code.startswith(f"{regency}.", autoescape=True),
        )

    active = selected(
        engine,
        # the same persons by whatever denominator
        sa.select(
            monthly_coverage.c.area_code,
            monthly_coverage.c.segment,
            sa.func.max(monthly_coverage.c.active_count),
        )
        .where(*of(monthly_coverage))
        .where(monthly_coverage.c.programme == "ANY")
        .where(monthly_coverage.c.segment.in_(("PU", "BPU")))
        .group_by(monthly_coverage.c.area_code, monthly_coverage.c.segment),
    )
    listed = selected(
        engine,
        # everybody has one payer in a list
        sa.select(
            monthly_protection.c.area_code,
            sa.func.sum(monthly_protection.c.registered_count),
            sa.func.sum(monthly_protection.c.active_count),
        )
        .where(*of(monthly_protection))
        .where(monthly_protection.c.worker_group == GROUP)
        .group_by(monthly_protection.c.area_code),
    )
    persons = {(code, segment): count for code, segment, count in active.rows}
    people = {code: (registered, found) for code, registered, found in listed.rows}
    return tuple(
        District(
            code,
            persons.get((code, "PU")),
            persons.get((code, "BPU")),
            *people.get(code, (None, None)),
        )
        for code in sorted({code for code, _ in persons} | people.keys())
    )


def districts_table(districts: Sequence[District]) -> Table:
    """One row per district, in the order of the codes."""
    rows = []
    for one in districts:
        registered = Cell(one.registered, "count")
        protected = Cell(one.protected, "count")
        rows.append(
            (
                Cell(areas.name_of(one.code) or one.code),
                Cell(one.wage, "count"),
                Cell(one.own, "count"),
                registered,
                protected,
                share(protected, registered),
            )
        )
    return Table(
        "Kecamatan",
        (
            Column("Kecamatan", width=1.8),
            Column("PU aktif", "count"),
            Column("BPU aktif", "count"),
            Column("Pekerja rentan terdaftar", "count", 1.2),
            Column("Terlindungi", "count"),
            Column("Dari terdaftar", "pct"),
        ),
        tuple(rows),
        note="Orang yang kecamatannya diketahui; jumlahnya dapat lebih kecil daripada "
        "angka kabupaten/kota.",
        sheet="Kecamatan",
        is_optional=True,
    )
