"""Coverage in a report: the denominator it leads with, the target, the change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cakupan.core import names
from cakupan.core.denominators import NO_DEFINITION, definitions
from cakupan.report.cells import Cell, date, difference, points, share
from cakupan.report.facts import Facts, Row, rules

_SURVEY_MONTHS = {2, 8}
_TABLE = "monthly_coverage"


@dataclass(frozen=True, slots=True)
class Months:
    """The month of a report and those it is compared with.

    Attributes:
        now: the month.
        before: the month before; ``None`` where it has no release.
        year_ago: the same month a year ago; ``None`` where it has no release.
    """

    now: Facts
    before: Facts | None = None
    year_ago: Facts | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of an area and segment by one denominator.

    Attributes:
        area: code.
        segment: ``PU``, ``BPU``, …
        definition: id of the denominator; ``tidak_ada`` without one.
        active: persons.
        eligible: denominator, persons.
        pct: active of eligible.
        target: what is aimed at, persons or percent.
        reached: the active of a target in persons; the share of one in percent.
        source: of the denominator.
        row: the published row, ``None`` for no data.
    """

    area: str
    segment: str
    definition: str
    active: Cell
    eligible: Cell
    pct: Cell
    target: Cell
    reached: Cell
    source: Cell
    row: Row | None

    @property
    def basis(self) -> str:
        """Count, denominator, definition and date in words."""
        no_data = "Data BPJS bulan ini belum ada, bukan nol"
        is_missing = self.active.is_missing
        if self.row is None or self.definition == NO_DEFINITION:
            said = no_data if is_missing else f"{self.active.words} orang aktif"
            return f"{said}; penyebut belum ada"
        day = self.row["denominator_date"]
        source = names.definition(self.definition)
        source += f", {date(day)}" if day else ", tanpa tanggal"
        if is_missing:
            return f"{no_data}; penyebut {self.eligible.words} orang, {source}"
        return (
            f"{self.active.words} dari {self.eligible.words} orang; penyebut {source}"
        )


@dataclass(frozen=True, slots=True)
class Change:
    """How a coverage differs from that of another month.

    Attributes:
        persons: more or fewer.
        points: percentage points, of the exact shares.
        note: why there is none, or what to know about it; ``""`` for nothing.
    """

    persons: Cell
    points: Cell
    note: str


def coverage_of(facts: Facts, area: str, segment: str, definition: str) -> Coverage:
    """One published coverage."""
    row = facts.row(
        _TABLE,
        area_code=area,
        segment=segment,
        programme="ANY",
        definition_id=definition,
    )

    def cell(measure: str) -> Cell:
        return facts.cell(_TABLE, row, measure)

    active, pct = cell("active_count"), cell("coverage_pct")
    target, reached = cell("target_count"), Cell(None, "pct")
    if target.value is not None:
        reached = share(active, target)
    elif row is not None and row["target_pct"] is not None:
        target, reached = cell("target_pct"), pct
    source = row["denominator_source"] if row is not None else None
    return Coverage(
        area=area,
        segment=segment,
        definition=definition,
        active=active,
        eligible=cell("eligible_count"),
        pct=pct,
        target=target,
        reached=reached,
        source=Cell(source),
        row=row,
    )


def definitions_of(facts: Facts, area: str, segment: str) -> list[str]:
    """Definitions an area has a figure by, the leading ones first."""
    return in_order(
        row["definition_id"]
        for row in facts.rows(_TABLE, area_code=area, segment=segment, programme="ANY")
    )


def in_order(found: Iterable[str]) -> list[str]:
    """Definitions, the leading ones first and having none last."""
    order = rules()["leading_definitions"]

    def place(name: str) -> tuple[bool, int, str]:
        return (
            name == NO_DEFINITION,
            order.index(name) if name in order else len(order),
            name,
        )

    return sorted(found, key=place)


def leading(facts: Facts, area: str, segment: str) -> Coverage:
    """Coverage by the denominator a report leads with."""
    known = definitions_of(facts, area, segment) or [NO_DEFINITION]
    return coverage_of(facts, area, segment, known[0])


def common_definition(facts: Facts, segment: str) -> str:
    """The definition most regencies have: only figures of one can be ranked."""
    found = Counter(
        name
        for code in facts.regencies
        for name in definitions_of(facts, code, segment)
        if name != NO_DEFINITION
    )
    if not found:
        return NO_DEFINITION
    most = max(found.values())
    order = rules()["leading_definitions"]
    return min(
        (name for name, times in found.items() if times == most),
        key=lambda name: (order.index(name) if name in order else len(order), name),
    )


def explained(definition: str) -> str:
    """What a definition counts."""
    if definition == NO_DEFINITION:
        return "belum ada penyebut"
    known = definitions().get(definition)
    return known.meaning if known else "definisi dari pengirim penyebut"


def changes(months: Months, now: Coverage) -> tuple[Change, Change]:
    """Change since the month before and since last year, or why there is none."""
    return _change(months.before, now), _change(months.year_ago, now)


def are_two_series(one: Row, other: Row) -> bool:
    """Whether one denominator is of February and the other of August.

    BPS publishes Sakernas for both months; the two series are never compared, whatever
    a sender calls them.
    """
    days = (one["denominator_date"], other["denominator_date"])
    return {day.month for day in days if day is not None} == _SURVEY_MONTHS


def _change(earlier: Facts | None, now: Coverage) -> Change:
    nothing = Cell(None, "points")
    if earlier is None:
        return Change(Cell(None, "change"), nothing, "belum ada rilisnya")
    then = coverage_of(earlier, now.area, now.segment, now.definition)
    persons = difference(now.active, then.active, "change")
    if now.row is not None and then.row is None:
        return Change(persons, nothing, "definisi penyebutnya lain")
    if now.row is None or then.row is None or persons.is_missing:
        return Change(persons, nothing, "tidak ada data")
    if now.definition == NO_DEFINITION:
        return Change(persons, nothing, "")
    if are_two_series(then.row, now.row):
        note = "persen tidak dibandingkan, penyebut Februari dan Agustus"
        return Change(persons, nothing, note)
    is_new_date = then.row["denominator_date"] != now.row["denominator_date"]
    return Change(
        persons,
        points(now.active, now.eligible, then.active, then.eligible),
        "tanggal penyebut berganti" if is_new_date else "",
    )
