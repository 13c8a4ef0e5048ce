"""Budgets, payments and benefits."""

from __future__ import annotations

from cakupan.core import names
from cakupan.report.cells import Cell, share
from cakupan.report.charts import Bar, bars
from cakupan.report.decisions import budget_states, listed
from cakupan.report.document import Chart, Column, Paragraph, Section, Table
from cakupan.report.facts import Facts, Row

_TABLE = "monthly_funding"
_BUDGET = {True: "ada", False: "tidak dianggarkan", None: "belum dilaporkan"}
_MEASURES = (
    ("budget_rupiah", "Pagu", 1.4),
    ("realised_rupiah", "Realisasi", 1.4),
    ("paid_rupiah", "Iuran dibayar bulan ini", 1.4),
    ("ineligible_rupiah", "Tidak semestinya", 1.1),
)


def funding(facts: Facts) -> Section:
    """Who has budgeted how much, and what was paid."""
    states = budget_states(facts)
    year = facts.month.year
    has, none, unknown = (
        [code for code, state in states.items() if state is wanted]
        for wanted in (True, False, None)
    )
    said = [f"{len(has)} dari {len(states)} kabupaten dan kota mempunyai anggaran."]
    if none:
        said.append(f"Melaporkan tidak menganggarkan: {listed(none)}.")
    if unknown:
        said.append(f"Belum melaporkan anggaran (bukan nol): {listed(unknown)}.")
    areas = [_of(facts, code, "ALL") for code in (facts.province, *facts.regencies)]
    by_area = Table(
        f"Anggaran dan pembayaran {year} menurut wilayah",
        (
            Column("Wilayah", width=1.9),
            Column("Anggaran", width=1.3),
            *(Column(title, "rupiah", width) for _, title, width in _MEASURES),
        ),
        tuple(
            (
                Cell(names.short_area(code)),
                Cell(_BUDGET[row["has_budget"] if row is not None else None]),
                *(facts.cell(_TABLE, row, measure) for measure, _, _ in _MEASURES),
            )
            for code, row in zip((facts.province, *facts.regencies), areas, strict=True)
        ),
        note="Rupiah. Baris provinsi memuat semua wilayah dan anggaran provinsi "
        "sendiri. Pagu dan realisasi kumulatif setahun; iuran dibayar dan yang tidak "
        "semestinya (meninggal, menjadi ASN, ditanggung pemberi kerja, di luar umur) "
        "menurut berkas bulan ini, iuran perusahaan dan peserta mandiri termasuk.",
        sheet="Pendanaan x wilayah",
    )
    return Section(
        "Pendanaan",
        (Paragraph(" ".join(said)), _chart(facts), by_area, _groups(facts)),
        starts_page=True,
    )


def _of(facts: Facts, area: str, group: str) -> Row | None:
    return facts.row(
        _TABLE,
        area_code=area,
        fiscal_year=facts.month.year,
        worker_group=group,
        payer="ALL",
    )


def _chart(facts: Facts) -> Chart:
    rows = []
    for code in facts.regencies:
        row = _of(facts, code, "ALL")
        realised, budget = (
            facts.cell(_TABLE, row, measure)
            for measure in ("realised_rupiah", "budget_rupiah")
        )
        rows.append((code, share(realised, budget), realised, budget))
    shown = [row for row in rows if row[1].number is not None]
    if shown:
        low = min(shown, key=lambda row: (row[1].number, row[0]))
        said = (
            f"Realisasi terendah {names.short_area(low[0])}: {low[1].words} "
            f"({low[2].words} dari {low[3].words}); {len(rows) - len(shown)} wilayah "
            "tanpa angka realisasi."
        )
    else:
        said = "Belum ada realisasi yang dilaporkan."
    return Chart(
        "Realisasi dari pagu, persen",
        bars([Bar(names.short_area(code), pct) for code, pct, _, _ in rows]),
        said,
        width=0.75,
    )


def _groups(facts: Facts) -> Table:
    shown = (
        ("budget_rupiah", "Pagu", "rupiah"),
        ("budgeted_count", "Dianggarkan, orang", "count"),
        ("months_covered", "Bulan terbiayai", "decimal"),
        ("expected_rupiah", "Iuran seharusnya bulan ini", "rupiah"),
        ("paid_rupiah", "Iuran dibayar bulan ini", "rupiah"),
        ("double_funded_count", "Dibayar dua sumber, orang", "count"),
    )
    rows = []
    for row in facts.rows(
        _TABLE, area_code=facts.province, fiscal_year=facts.month.year, payer="ALL"
    ):
        rows.append(
            (
                Cell(names.named(names.GROUPS, row["worker_group"])),
                *(facts.cell(_TABLE, row, measure) for measure, _, _ in shown),
            )
        )
    return Table(
        "Pendanaan menurut kelompok, seluruh provinsi",
        (
            Column("Kelompok", width=1.3),
            *(
                Column(title, unit, 1.2 if unit == "rupiah" else 0.95)  # type: ignore[arg-type]
                for _, title, unit in shown
            ),
        ),
        tuple(rows),
        note="Bulan terbiayai = pagu dibagi (orang x iuran JKK dan JKM sebulan).",
        sheet="Pendanaan x kelompok",
    )


def benefits(facts: Facts) -> Section:
    """Claims paid this month."""
    table = "monthly_benefits"
    rows = [
        (
            Cell(names.short_area(row["area_code"])),
            Cell(names.named(names.PROGRAMMES, row["programme"])),
            facts.cell(table, row, "claim_count"),
            facts.cell(table, row, "paid_rupiah"),
        )
        for row in facts.tables[table]
        if row["area_code"] == facts.province or row["programme"] == "ALL"
    ]
    whole = facts.row(table, area_code=facts.province, programme="ALL")
    claims = facts.cell(table, whole, "claim_count")
    paid = facts.cell(table, whole, "paid_rupiah")
    said = (
        "Berkas klaim bulan ini belum ada."
        if whole is None
        else f"Bulan ini dibayar {claims.words} klaim sebesar {paid.words}."
    )
    return Section(
        "Manfaat yang dibayar",
        (
            Paragraph(said),
            Table(
                "Klaim yang dibayar menurut program dan wilayah",
                (
                    Column("Wilayah", width=2),
                    Column("Program"),
                    Column("Klaim", "count"),
                    Column("Manfaat dibayar", "rupiah", 1.4),
                ),
                tuple(rows),
                note="Wilayah menurut kabupaten/kota peserta. Wilayah tanpa baris: berkas "
                "klaimnya belum ada.",
                sheet="Manfaat",
            ),
        ),
    )
