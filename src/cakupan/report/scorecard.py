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
from cakupan.report.discipline import small_cells, state_of
from cakupan.report.districts import District, districts_table
from cakupan.report.document import (
    Block,
    Column,
    Items,
    Section,
    Table,
    Tiles,
)
from cakupan.report.facts import Facts
from cakupan.report.regions import SEGMENTS, places

_ROWS_OF_A_FILE = (
    ("received_count", "Baris diterima"),
    ("accepted_count", "Baris diolah"),
    ("quarantined_count", "Baris ditahan"),
)


def scorecard(
    months: Months, area: str, districts: Sequence[District] = ()
) -> tuple[Section, ...]:
    """Coverage with rank, groups, money, reports and what is missing of a regency."""
    facts = months.now
    segments = [leading(facts, area, one) for one in SEGMENTS]
    tiles = [
        overview.coverage_tile(found, _rank(facts, area, found.segment))
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
        f"Peringkat {rank[area]} dari {len(rank)} yang mempunyai angka "
        f"({names.definition(definition)})."
    )


def _reports(facts: Facts, area: str) -> Table:
    # rows of a file tell of the people in it, and were judged by nobody
    counts = _ROWS_OF_A_FILE if facts.visible is None else ()
    rows = []
    for row in facts.rows("monthly_reporting", area_code=area):
        if not row["is_expected"]:
            continue
        rows.append(
            (
                Cell(names.dataset(row["dataset"])),
                Cell(state_of(row)),
                *(
                    facts.cell("monthly_reporting", row, measure)
                    for measure, _ in counts
                ),
            )
        )
    return Table(
        "Laporan wajib dari wilayah ini",
        (
            Column("Laporan", width=2),
            Column("Keadaan", width=1.3),
            *(Column(title, "count") for _, title in counts),
        ),
        tuple(rows),
        sheet="Pelaporan",
    )
