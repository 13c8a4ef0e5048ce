"""Worker groups, early warnings and discrepancies."""

from __future__ import annotations

from cakupan.core import names
from cakupan.report.cells import Cell, share
from cakupan.report.charts import Bar, bars
from cakupan.report.document import Block, Chart, Column, Paragraph, Section, Table
from cakupan.report.facts import Facts

GROUPS = ("pekerja_rentan", "aparatur_desa", "non_asn", "rt_rw")
_STATES = (
    ("registered_count", "Terdaftar"),
    ("active_count", "Terlindungi"),
    ("probable_count", "Dari kemiripan"),
    ("lapsed_count", "Berhenti"),
    ("unenrolled_count", "Belum peserta"),
    ("review_count", "Diperiksa"),
)
_TABLE = "monthly_protection"


def groups(facts: Facts, area: str) -> Section:
    """How many of each list are protected."""
    blocks: list[Block] = [_group_chart(facts, area), states_table(facts, area)]
    if area == facts.province:
        blocks += [_payers(facts), _regencies(facts)]
    return Section("Kelompok pekerja", tuple(blocks), starts_page=True)


def _total(facts: Facts, area: str, group: str, measure: str) -> Cell:
    return facts.total(_TABLE, measure, area_code=area, worker_group=group)


def _protected(facts: Facts, area: str, group: str) -> tuple[Cell, Cell, Cell]:
    registered = _total(facts, area, group, "registered_count")
    active = _total(facts, area, group, "active_count")
    return registered, active, share(active, registered)


def states_table(facts: Facts, area: str) -> Table:
    """Persons of each group by state; registered is the sum of the four states."""
    rows = []
    for group in GROUPS:
        _, _, pct = _protected(facts, area, group)
        cells = (_total(facts, area, group, measure) for measure, _ in _STATES)
        rows.append((Cell(names.GROUPS[group]), *cells, pct))
    return Table(
        "Keadaan orang yang terdaftar",
        (
            Column("Kelompok", width=1.5),
            *(Column(title, "count") for _, title in _STATES),
            Column("Terlindungi dari terdaftar", "pct", 1.3),
        ),
        tuple(rows),
        note="Orang. Terdaftar = terlindungi + berhenti + belum peserta + diperiksa. "
        "Terlindungi termasuk yang menunggak 1-2 bulan. Dari kemiripan: yang terlindungi "
        "dan dikenali bukan dari NIK yang sama.",
        sheet="Kelompok pekerja",
    )


def _group_chart(facts: Facts, area: str) -> Chart:
    found = [(group, *_protected(facts, area, group)) for group in GROUPS]
    said = "; ".join(
        f"{names.GROUPS[group]} {_protected_in_words(registered, active, pct)}"
        for group, registered, active, pct in found
    )
    return Chart(
        "Terlindungi dari terdaftar, persen",
        bars([Bar(names.GROUPS[group], pct) for group, _, _, pct in found]),
        f"{said}.",
        width=0.8,
    )


def _protected_in_words(registered: Cell, active: Cell, pct: Cell) -> str:
    if registered.is_missing:
        return "belum ada daftarnya"
    return f"{pct.words}, {active.words} dari {registered.words} orang"


def _payers(facts: Facts) -> Table:
    rows = []
    for row in facts.rows(_TABLE, area_code=facts.province):
        registered, active = (
            facts.cell(_TABLE, row, measure)
            for measure in ("registered_count", "active_count")
        )
        rows.append(
            (
                Cell(names.named(names.GROUPS, row["worker_group"])),
                Cell(names.named(names.PAYERS, row["payer"])),
                registered,
                active,
                share(active, registered),
            )
        )
    return Table(
        "Menurut sumber dana dalam daftar",
        (
            Column("Kelompok", width=1.4),
            Column("Sumber dana", width=1.6),
            Column("Terdaftar", "count"),
            Column("Terlindungi", "count"),
            Column("Terlindungi dari terdaftar", "pct", 1.4),
        ),
        tuple(rows),
        note="Orang.",
        sheet="Kelompok x sumber dana",
    )


def _regencies(facts: Facts) -> Table:
    rows = []
    for code in facts.regencies:
        cells: list[Cell] = []
        for group in GROUPS:
            cells += [
                _total(facts, code, group, "registered_count"),
                _total(facts, code, group, "active_count"),
            ]
        rows.append((Cell(names.short_area(code)), *cells))
    columns = [Column("Kabupaten/kota", width=2.2)]
    for group in GROUPS:
        name = names.GROUPS[group]
        columns += [
            Column(f"{name}: terdaftar", "count"),
            Column("terlindungi", "count"),
        ]
    return Table(
        "Menurut kabupaten dan kota",
        tuple(columns),
        tuple(rows),
        note="Orang. – berarti daftar atau data BPJS belum ada, bukan nol.",
        sheet="Kelompok x wilayah",
    )


def warnings(facts: Facts, area: str) -> Section:
    """What comes in the next months, and what does not fit today."""
    return Section(
        "Peringatan dini dan ketidaksesuaian",
        (
            Paragraph(
                "Peringatan dini menunjukkan siapa yang segera kehilangan "
                "perlindungan bila tidak ada yang berbuat. Daftar orangnya hanya ada "
                "pada petugas yang berwenang."
            ),
            warnings_table(facts, area),
            _warnings_by_regency(facts),
            discrepancies_table(facts, area),
        ),
        starts_page=True,
    )


def warnings_table(facts: Facts, area: str) -> Table:
    """Early warnings; by group for the province."""
    table = "monthly_early_warning"
    shown = ("ALL", *GROUPS) if area == facts.province else ("ALL",)
    rows = tuple(
        (
            Cell(names.warning(kind)),
            *(
                facts.cell(
                    table,
                    facts.row(table, area_code=area, kind=kind, worker_group=group),
                    "person_count",
                )
                for group in shown
            ),
        )
        for kind in names.WARNINGS
        if facts.row(table, area_code=area, kind=kind, worker_group="ALL")
    )
    return Table(
        "Peringatan dini",
        (
            Column("Yang akan datang", width=2.6),
            *(Column(names.GROUPS[group], "count") for group in shown),
        ),
        rows,
        note="Orang; kebijakan dihitung sebagai kebijakan. Semua: seluruh peserta "
        "wilayah (batas umur dan masa daftar: seluruh yang terdaftar).",
        sheet="Peringatan dini",
    )


def _warnings_by_regency(facts: Facts) -> Table:
    table = "monthly_early_warning"
    rows = tuple(
        (
            Cell(names.short_area(code)),
            *(
                facts.cell(
                    table,
                    facts.row(table, area_code=code, kind=kind, worker_group="ALL"),
                    "person_count",
                )
                for kind in names.WARNINGS
            ),
        )
        for code in facts.regencies
    )
    return Table(
        "Peringatan dini menurut kabupaten dan kota",
        (
            Column("Kabupaten/kota", width=1.5),
            *(Column(short, "count") for short in names.SHORT_WARNINGS.values()),
        ),
        rows,
        note="Seluruh peserta atau yang terdaftar, seperti kolom Semua di atas.",
        sheet="Peringatan x wilayah",
    )


def discrepancies_table(facts: Facts, area: str) -> Table:
    """Discrepancies by kind."""
    table = "monthly_discrepancies"
    rows = tuple(
        (
            Cell(names.named(names.DISCREPANCIES, row["kind"])),
            facts.cell(table, row, "person_count"),
            facts.cell(table, row, "rupiah"),
        )
        for row in facts.rows(table, area_code=area)
    )
    return Table(
        "Ketidaksesuaian data",
        (
            Column("Jenis", width=2.6),
            Column("Orang", "count", 0.8),
            Column("Rupiah sebulan", "rupiah"),
        ),
        rows,
        note="– pada rupiah: tidak ada nilainya dalam data bulan ini.",
        sheet="Ketidaksesuaian",
    )
