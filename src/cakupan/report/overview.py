"""The first page: what can be read alone."""

from __future__ import annotations

from cakupan.core import names
from cakupan.report.cells import Cell, difference, share
from cakupan.report.coverage import Coverage, Months, changes, leading
from cakupan.report.decisions import decisions, listed
from cakupan.report.document import (
    Column,
    Items,
    Paragraph,
    Section,
    Table,
    Tile,
    Tiles,
)
from cakupan.report.facts import Facts
from cakupan.report.programmes import programmes
from cakupan.report.regions import SEGMENTS, share_bars


def overview(months: Months) -> tuple[Section, ...]:
    """Coverage, protection, villages and money of the province, and what to decide."""
    facts = months.now
    segments = [leading(facts, facts.province, one) for one in SEGMENTS]
    tiles = [
        *(coverage_tile(found) for found in segments),
        *_programme_tiles(months, facts.province),
        _apparatus_tile(months, facts.province),
        *village_tiles(facts, facts.province),
        money_tile(facts, facts.province),
        _arrears_tile(facts, facts.province),
        _benefits_tile(facts, facts.province),
    ]
    found = decisions(facts)
    charts = (share_bars(facts, segment) for segment in SEGMENTS)
    chart = next((one for one in charts if one is not None), None)
    ask = Items(found) if found else Paragraph("Tidak ada yang perlu diputuskan.")
    return (
        Section("Ringkasan", (Tiles(tuple(tiles)), change_table(months, segments))),
        Section("Yang perlu diputuskan", (ask,)),
        *([Section("Kabupaten dan kota sekilas", (chart,))] if chart else []),
    )


def coverage_tile(found: Coverage, *more: str) -> Tile:
    """A percentage, what it rests on, the target, and what else is to be said."""
    return Tile(
        f"Cakupan {names.segment(found.segment)}",
        found.pct,
        (f"{found.basis}.", _target_line(found), *more),
    )


def _target_line(found: Coverage) -> str:
    if found.target.number is None:
        return "Target untuk segmen ini belum ada."
    is_share = found.target.unit == "pct"
    aim = f"Target {found.target}" if is_share else f"Target {found.target} orang"
    if found.reached.is_missing:
        return f"{aim}."
    reached = found.reached.words
    return (
        f"{aim}; tercapai {reached}." if is_share else f"{aim}; {reached} dari target."
    )


def change_table(months: Months, segments: list[Coverage]) -> Table:
    """Change since the month before and since last year, or why there is none."""
    month = months.now.month
    then = [month.plus(-1).in_words, month.plus(-12).in_words]
    columns = [Column("Segmen", width=0.9)]
    for name in then:
        columns += [
            Column(f"Sejak {name}, orang", "change", 1.5),
            Column("poin persen", "points", 0.7),
        ]
    rows = []
    for found in segments:
        cells, notes = [], []
        for name, change in zip(then, changes(months, found), strict=True):
            cells += [change.persons, change.points]
            notes += [f"{name}: {change.note}"] if change.note else []
        rows.append(
            (
                Cell(names.SEGMENTS[found.segment].partition(" (")[0]),
                *cells,
                Cell("; ".join(notes) or None),
            )
        )
    return Table(
        "Perubahan cakupan (hanya dengan definisi penyebut yang sama)",
        (*columns, Column("Keterangan", width=1.9)),
        tuple(rows),
        sheet="Perubahan",
    )


def _programme_tiles(months: Months, area: str) -> list[Tile]:
    """Protected of the number a province has promised; none where it has not."""
    facts = months.now
    found = []
    for one in programmes():
        if one.province != facts.province:
            continue
        active = facts.total(
            "monthly_protection", "active_count", area_code=area, worker_group=one.group
        )
        goal = Cell(one.goal_count, "count")
        found.append(
            Tile(
                f"{names.GROUPS[one.group]} terlindungi",
                active,
                (
                    f"orang, dari {goal} orang yang menjadi sasaran "
                    f"{share(active, goal).aside}.",
                    f"{one.name}.",
                    since(months, active, one.group, area),
                ),
            )
        )
    return found


def since(months: Months, active: Cell, group: str, area: str) -> str:
    """Change since the month before; none where the lists are not of the same areas.

    A list that is missing this month and was there before would look like people who
    lost their protection.
    """
    if months.before is None:
        return "Bulan lalu: belum ada rilis."
    now, then = (
        _listed_in(facts, group, area) for facts in (months.now, months.before)
    )
    reasons = [
        f"{when} tidak ada daftar dari {listed(sorted(codes))}"
        for when, codes in (("bulan ini", then - now), ("bulan lalu", now - then))
        if codes
    ]
    if reasons:
        return f"Sejak bulan lalu: tidak dibandingkan, {' dan '.join(reasons)}."
    before = months.before.total(
        "monthly_protection", "active_count", area_code=area, worker_group=group
    )
    moved = difference(active, before, "change")
    if moved.is_missing:
        return "Sejak bulan lalu: tidak dibandingkan, data salah satu bulan belum ada."
    return f"Sejak bulan lalu: {moved.words} orang."


def _listed_in(facts: Facts, group: str, area: str) -> set[str]:
    """Regencies of an area whose list of a group is in force in a month."""
    return {
        row["area_code"]
        for row in facts.rows("monthly_protection", worker_group=group)
        if row["registered_count"] is not None
        and row["area_code"] in facts.regencies
        and area in (facts.province, row["area_code"])
    }


def _apparatus_tile(months: Months, area: str) -> Tile:
    group = "aparatur_desa"
    registered, active = (
        months.now.total(
            "monthly_protection", measure, area_code=area, worker_group=group
        )
        for measure in ("registered_count", "active_count")
    )
    listed_now = (
        f"orang, dari {registered} yang terdaftar {share(active, registered).aside}."
        if not registered.is_missing
        else "Daftarnya belum ada; bukan nol."
    )
    return Tile(
        "Aparatur desa terlindungi",
        active,
        (listed_now, since(months, active, group, area)),
    )


def village_tiles(facts: Facts, area: str) -> list[Tile]:
    """Villages with protected apparatus, and with protected vulnerable workers.

    None where no village can have apparatus (a city of kelurahan) or nothing is known.
    """
    table, lines, first = "monthly_village_coverage", [], Cell(None, "pct")
    groups = [
        (group, row)
        for group in ("aparatur_desa", "pekerja_rentan")
        if (row := facts.row(table, area_code=area, worker_group=group)) is not None
    ]
    for group, row in groups:
        covered, villages, pct = (
            facts.cell(table, row, measure)
            for measure in (
                "covered_village_count",
                "village_count",
                "covered_village_pct",
            )
        )
        if group == groups[0][0]:
            first = pct
        kind = "desa" if group == "aparatur_desa" else "desa dan kelurahan"
        lines.append(
            f"Untuk {names.GROUPS[group].lower()}: "
            + (
                f"belum diketahui, dari {villages.words} {kind}."
                if covered.is_missing
                else f"{covered.words} dari {villages.words} {kind} {pct.aside}."
            )
        )
    return [Tile("Desa terlindungi", first, tuple(lines))] if lines else []


def money_tile(facts: Facts, area: str) -> Tile:
    """Budget and what was spent of it."""
    row = facts.row(
        "monthly_funding",
        area_code=area,
        fiscal_year=facts.month.year,
        worker_group="ALL",
        payer="ALL",
    )
    budget, realised, people = (
        facts.cell("monthly_funding", row, measure)
        for measure in ("budget_rupiah", "realised_rupiah", "budgeted_count")
    )
    lines = ["Anggaran belum dilaporkan; bukan nol."]
    if budget.number is not None:
        lines = [
            f"Realisasi {realised.words} {share(realised, budget).aside}."
            if realised.number is not None
            else "Realisasi belum dilaporkan.",
            f"Untuk {people.words} orang; dukungan CSR termasuk.",
        ]
    return Tile(f"Anggaran iuran {facts.month.year}", budget, tuple(lines))


def _arrears_tile(facts: Facts, area: str) -> Tile:
    """Who is still counted as active and owes a month or two."""
    coverage = leading(facts, area, "ALL")
    owing = facts.cell("monthly_coverage", coverage.row, "grace_count")
    warning = facts.row(
        "monthly_early_warning", area_code=area, kind="unpaid_2", worker_group="ALL"
    )
    ending = facts.cell("monthly_early_warning", warning, "person_count")
    return Tile(
        "Aktif dengan tunggakan",
        owing,
        (
            f"orang menunggak 1-2 bulan, dari {coverage.active.words} yang aktif "
            f"{share(owing, coverage.active).aside}.",
            f"Bulan depan berhenti bila tidak membayar: {ending.words} orang.",
        )
        if not owing.is_missing
        else ("Data BPJS belum ada; bukan nol.",),
    )


def _benefits_tile(facts: Facts, area: str) -> Tile:
    """What was paid to participants and their families this month."""
    row = facts.row("monthly_benefits", area_code=area, programme="ALL")
    paid, claims = (
        facts.cell("monthly_benefits", row, measure)
        for measure in ("paid_rupiah", "claim_count")
    )
    said = (
        f"Untuk {claims.words} klaim bulan ini, semua program."
        if row is not None
        else "Berkas klaim bulan ini belum ada; bukan nol."
    )
    return Tile("Manfaat dibayar", paid, (said,))
