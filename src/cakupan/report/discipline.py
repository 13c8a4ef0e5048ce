"""Who reported, and the method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cakupan.core import names
from cakupan.publish.wording import AREA_RIGHTS, LIKENESS, RULES
from cakupan.report.cells import Cell
from cakupan.report.coverage import (
    Coverage,
    coverage_of,
    definitions_of,
    explained,
    in_order,
)
from cakupan.report.document import Column, Items, Paragraph, Section, Table
from cakupan.report.facts import Facts, rules
from cakupan.report.programmes import programmes
from cakupan.report.regions import SEGMENTS
from cakupan.report.revisions import Revisions, revision_blocks


def reporting(facts: Facts, codes: Sequence[str]) -> Section:
    """The matrix area x dataset of the expected reports."""
    table = "monthly_reporting"
    expected = [row for row in facts.tables[table] if row["is_expected"]]
    datasets = sorted({row["dataset"] for row in expected})
    rows = []
    for code in codes:
        cells = []
        for dataset in datasets:
            row = facts.row(table, area_code=code, dataset=dataset)
            cells.append(Cell(_state(row)))
        rows.append((Cell(names.short_area(code)), *cells))
    release = facts.release
    said = (
        f"{release.present_count} dari {release.expected_count} laporan wajib provinsi "
        f"ada ({Cell(release.completeness_pct, 'pct')})."
    )
    return Section(
        "Kedisiplinan pelaporan",
        (
            Paragraph(said),
            Table(
                "Keadaan laporan wajib bulan ini",
                (
                    Column("Wilayah", width=1.6),
                    *(Column(names.dataset(name)) for name in datasets),
                ),
                tuple(rows),
                note="Kosong: tidak wajib dari wilayah itu.",
                sheet="Pelaporan",
            ),
        ),
    )


def _state(row: Mapping[str, Any] | None) -> str:
    if row is None or not row["is_expected"]:
        return ""
    return state_of(row)


def state_of(row: Mapping[str, Any]) -> str:
    """How an expected report stands, in words."""
    state = names.STATES[row["state"]]
    return f"{state}, berkas ditolak" if row["is_refused"] else state


def method(facts: Facts, revisions: Revisions) -> Section:
    """All denominators, the rules, the programme, the releases and what moved."""
    table = Table(
        "Cakupan provinsi menurut semua definisi penyebut",
        (
            Column("Segmen", width=1.5),
            Column("Definisi", width=1.8),
            Column("Aktif", "count", 0.7),
            Column("Penyebut", "count", 0.85),
            Column("Cakupan", "pct", 0.75),
            Column("Tanggal", "date", 1.15),
            Column("Sumber", width=3.2),
        ),
        tuple(_denominator_rows(facts)),
        sheet="Penyebut",
    )
    shown = in_order(
        {
            name
            for segment in SEGMENTS
            for name in definitions_of(facts, facts.province, segment)
        }
    )
    return Section(
        "Cara menghitung dan revisi",
        (
            table,
            Items(
                tuple((f"{names.definition(one)}:", explained(one)) for one in shown)
            ),
            *revision_blocks(facts, revisions),
            Items(
                (
                    *(("", rule) for rule in RULES),
                    *_programme_notes(facts),
                    ("Kemiripan:", LIKENESS),
                    ("Penyamaran:", small_cells(facts)),
                    ("Wilayah:", f"{AREA_RIGHTS[0].lower()}{AREA_RIGHTS[1:]}."),
                )
            ),
        ),
        starts_page=True,
    )


def small_cells(facts: Facts) -> str:
    """What the edition hides, in words."""
    least = rules()["small_cell_threshold"]
    if facts.visible is None:
        return (
            "edisi internal, tidak ada yang disamarkan: jumlah yang kecil dapat "
            "mengenali orang. Jangan diteruskan ke umum."
        )
    return (
        f"edisi publik: * berarti disamarkan, karena jumlah orangnya kurang dari {least} "
        "atau karena angka kecil lain dapat dihitung darinya. Nol ditunjukkan."
    )


def _denominator_rows(facts: Facts) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for segment in SEGMENTS:
        for name in definitions_of(facts, facts.province, segment):
            found = coverage_of(facts, facts.province, segment, name)
            day = found.row["denominator_date"] if found.row is not None else None
            rows.append(
                (
                    Cell(names.SEGMENTS[segment]),
                    Cell(names.definition(name)),
                    found.active,
                    found.eligible,
                    found.pct,
                    Cell(day, "date"),
                    _origin(found),
                )
            )
    return rows


def _origin(found: Coverage) -> Cell:
    """Source of a denominator and which edition of the figure it is."""
    vintage = found.row["denominator_vintage"] if found.row is not None else None
    if vintage is None:
        return found.source
    return Cell(f"{found.source.value}; edisi: {vintage}")


def _programme_notes(facts: Facts) -> list[tuple[str, str]]:
    return [
        (
            f"{one.name}.",
            f"{one.legal_basis}; sumber {one.source}"
            + (f" ({one.note})." if one.note else "."),
        )
        for one in programmes()
        if one.province == facts.province
    ]
