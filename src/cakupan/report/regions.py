"""Regencies beside each other: ranking and map."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from cakupan.core import names
from cakupan.core.denominators import NO_DEFINITION
from cakupan.publish.wording import why_above_100
from cakupan.report.cells import Cell, Unit, date
from cakupan.report.charts import SHADES, Bar, MapTile, bars, tile_map
from cakupan.report.coverage import Coverage, common_definition, coverage_of
from cakupan.report.document import (
    Block,
    Chart,
    Charts,
    Column,
    Paragraph,
    Section,
    Table,
)
from cakupan.report.facts import Facts

#: Segments that are ranked.
SEGMENTS = ("ALL", "PU", "BPU")

#: Bars of a chart; of more regencies it shows the highest and the lowest.
MOST_BARS = 10


def ranking(facts: Facts) -> Section:
    """Maps and tables, by the definition most regencies have."""
    # side by side is room for two: those of one segment before the one of all
    maps: list[Chart] = []
    tables: list[Block] = []
    intro: list[str] = []
    for segment in SEGMENTS:
        definition = common_definition(facts, segment)
        found = ranked(facts, segment)
        intro.append(f"{names.short_segment(segment)}: {_ranked_by(definition)}")
        if definition != NO_DEFINITION:
            maps.append(_map(found, segment))
        tables.append(_table(found, segment))
        if any(one.pct.number is not None and one.pct.number > 100 for one in found):
            tables.append(Paragraph(f"Persentase {why_above_100()}."))
    text = Paragraph(f"Peringkat menurut persentase; penyebut {'; '.join(intro)}.")
    return Section(
        "Kabupaten dan kota",
        (text, *([Charts(tuple(maps[-2:]))] if maps else []), *tables),
        starts_page=True,
    )


def _ranked_by(definition: str) -> str:
    if definition == NO_DEFINITION:
        return "kabupaten dan kota belum mempunyainya, jadi tidak diperingkat"
    return names.definition(definition)


def ranked(facts: Facts, segment: str) -> list[Coverage]:
    """Coverage of the regencies by one definition, the highest share first."""
    definition = common_definition(facts, segment)
    return sorted(
        (coverage_of(facts, code, segment, definition) for code in facts.regencies),
        key=_place,
    )


def share_bars(facts: Facts, segment: str) -> Chart | None:
    """Shares of regencies with their targets; ``None`` without denominators.

    All of them, or of many the highest and the lowest.
    """
    if common_definition(facts, segment) == NO_DEFINITION:
        return None
    found = ranked(facts, segment)
    shown = [one for one in found if one.pct.number is not None]
    half = MOST_BARS // 2
    is_cut = len(shown) > MOST_BARS
    drawn = [*shown[:half], *shown[-half:]] if is_cut else found[:MOST_BARS]
    marks = any(one.target.unit == "pct" and one.target.number for one in drawn)
    return Chart(
        f"Cakupan {names.segment(segment)} menurut kabupaten dan kota, persen"
        + (f"; {half} tertinggi dan {half} terendah" if is_cut else "")
        + (" (garis tegak: target)" if marks else ""),
        target_bars(drawn),
        _said(found, segment),
        width=0.62,
    )


def places(shares: Mapping[str, Decimal | None]) -> dict[str, int]:
    """Places of those that have a share, the highest first; equal shares share one."""
    numbers = [share for share in shares.values() if share is not None]
    return {
        area: 1 + sum(1 for other in numbers if other > share)
        for area, share in shares.items()
        if share is not None
    }


def _place(found: Coverage) -> tuple[bool, Decimal, str]:
    shown = found.pct.number
    return (shown is None, -(shown or Decimal(0)), found.area)


def _table(found: list[Coverage], segment: str) -> Table:
    rows = []
    rank = places({one.area: one.pct.number for one in found})
    aims = [one.target for one in found if one.target.value is not None]
    unit: Unit = "pct" if any(one.unit == "pct" for one in aims) else "count"
    for one in found:
        day = one.row["denominator_date"] if one.row is not None else None
        rows.append(
            (
                Cell(names.short_area(one.area)),
                Cell(rank.get(one.area), "count"),
                one.active,
                one.eligible,
                one.pct,
                *(
                    [one.target if one.target.unit == unit else Cell(None)]
                    if aims
                    else []
                ),
                Cell(day, "date"),
            )
        )
    return Table(
        f"Peringkat kabupaten dan kota, {names.segment(segment)}",
        (
            Column("Kabupaten/kota", width=2),
            Column("Peringkat", "count", 0.9),
            Column("Aktif, orang", "count"),
            Column("Penyebut, orang", "count", 1.1),
            Column("Cakupan", "pct"),
            *([_target_column(unit)] if aims else []),
            Column("Tanggal penyebut", "date", 1.3),
        ),
        tuple(rows),
        note="Yang tanpa persentase tidak diberi peringkat; yang sama besar berbagi "
        "peringkat.",
        sheet=f"Peringkat {names.short_segment(segment)}",
    )


def _target_column(unit: Unit) -> Column:
    return Column("Target" if unit == "pct" else "Target, orang", unit, 0.9)


def _map(found: list[Coverage], segment: str) -> Chart:
    shades = shades_of({one.area: one.pct.number for one in found})
    tiles = [
        MapTile(one.area, one.pct, shades[one.area])
        for one in sorted(found, key=lambda one: one.area)
    ]
    return Chart(
        f"Peta petak cakupan {names.short_segment(segment)} (makin gelap makin tinggi)",
        tile_map(tiles, segment),
        _said(found, segment),
        width=1.0,
    )


def shades_of(shares: Mapping[str, Decimal | None]) -> dict[str, int | None]:
    """Five equal steps between the smallest and the largest share that are shown."""
    numbers = [share for share in shares.values() if share is not None]
    low, high = min(numbers, default=Decimal(0)), max(numbers, default=Decimal(0))
    last = len(SHADES) - 1

    def shade(value: Decimal | None) -> int | None:
        if value is None:
            return None
        if high == low:
            return last // 2
        return min(last, int((value - low) / (high - low) * len(SHADES)))

    return {area: shade(share) for area, share in shares.items()}


def _said(found: list[Coverage], segment: str) -> str:
    shown = [one for one in found if one.pct.number is not None]
    if not shown:
        return f"Persentase {names.short_segment(segment)} tidak dapat ditunjukkan."
    first, last = shown[0], shown[-1]
    words = (
        f"Tertinggi {names.short_area(first.area)} ({first.pct.words}; "
        f"{first.active.words} dari {first.eligible.words} orang)"
    )
    if last is not first:
        words += (
            f", terendah {names.short_area(last.area)} ({last.pct.words}; "
            f"{last.active.words} dari {last.eligible.words} orang)"
        )
    without = len(found) - len(shown)
    words += f"; {without} tanpa persentase" if without else ""
    return f"{words}. {_basis(shown)}"


def _basis(shown: list[Coverage]) -> str:
    """Definition of the denominator and its dates, for shares that stand together."""
    days = {one.row["denominator_date"] for one in shown if one.row is not None}
    said = " dan ".join(date(day) for day in sorted(filter(None, days)))
    definition = names.definition(shown[0].definition)
    return f"Penyebut {definition}, {said or 'tanpa tanggal'}."


def target_bars(found: list[Coverage]) -> str:
    """Bars of the shares with the target as a line across."""
    return bars(
        [
            Bar(
                names.short_area(one.area),
                one.pct,
                one.target.number if one.target.unit == "pct" else None,
            )
            for one in found
        ]
    )
