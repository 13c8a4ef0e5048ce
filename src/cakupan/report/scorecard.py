"""One page for one regency."""

from __future__ import annotations

from collections.abc import Sequence

from cakupan.core import names
from cakupan.report import overview, people
from cakupan.report.cells import Cell
from cakupan.report.coverage import (
    Months,
    common_definition,
    coverage_of,
    leading,
)
from cakupan.report.discipline import small_cells
from cakupan.report.districts import District, districts_table
from cakupan.report.document import (
    Block,
    Column,
    Items,
    Section,
    Table,
    Tile,
    Tiles,
)
from cakupan.report.facts import Facts
from cakupan.report.regions import places


def scorecard(
    months: Months, area: str, districts: Sequence[District] = ()
) -> tuple[Section, ...]:
    """Coverage with rank, groups, money, reports and what is missing of a regency."""
    facts = months.now
    segments = [leading(facts, area, one) for one in ("PU", "BPU")]
    tiles = [
        Tile(
            f"Cakupan {names.SEGMENTS[found.segment]}",
            found.pct,
            (
                *overview.coverage_details(found),
                _rank(facts, area, found.segment),
            ),
        )
        for found in segments
    ]
    tiles += [overview.money_tile(facts, area), *overview.village_tiles(facts, area)]
    blocks: list[Block] = [
        Tiles(tuple(tiles)),
        overview.change_table(months, segments),
        people.states_table(facts, area),
        people.warnings_table(facts, area),
        people.discrepancies_table(facts, area),
        _reports(facts, area),
        *([districts_table(districts)] if districts else []),
        Items((("Penyamaran:", small_cells(facts)),)),
    ]
    return (Section("Rapor bulan ini", tuple(blocks)),)


def _rank(facts: Facts, area: str, segment: str) -> str:
    definition = common_definition(facts, segment)
    rank = places(
        {
            code: coverage_of(facts, code, segment, definition).pct.number
            for code in facts.regencies
        }
    )
    if area not in rank:
        return "Tanpa peringkat."
    return (
        f"Peringkat {rank[area]} dari {len(rank)} yang mempunyai angka ({definition})."
    )


def _reports(facts: Facts, area: str) -> Table:
    rows = []
    for row in facts.rows("monthly_reporting", area_code=area):
        if not row["is_expected"]:
            continue
        state = names.STATES[row["state"]]
        rows.append(
            (
                Cell(names.dataset(row["dataset"])),
                Cell(f"{state}, berkas ditolak" if row["is_refused"] else state),
                *(
                    facts.cell("monthly_reporting", row, measure)
                    for measure in ("received_count", "accepted_count")
                ),
                facts.cell("monthly_reporting", row, "quarantined_count"),
            )
        )
    return Table(
        "Laporan wajib dari wilayah ini",
        (
            Column("Laporan", width=2),
            Column("Keadaan", width=1.3),
            Column("Baris diterima", "count"),
            Column("Baris diolah", "count"),
            Column("Baris ditahan", "count"),
        ),
        tuple(rows),
        sheet="Pelaporan",
    )
