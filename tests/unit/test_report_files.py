"""The report as PDF, page and workbook: every figure in each, the same bytes again."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from cakupan.core.errors import UsageError
from cakupan.report.build import document_of
from cakupan.report.cells import Cell, number
from cakupan.report.charts import Bar, bars
from cakupan.report.coverage import Months
from cakupan.report.districts import District
from cakupan.report.document import Chart, Document, Table, Tiles
from cakupan.report.facts import Facts
from cakupan.report.files import WRITERS, write_report
from cakupan.report.html import html_bytes
from cakupan.report.pdf import pdf_bytes
from cakupan.report.revisions import Revisions
from cakupan.report.xlsx import xlsx_bytes
from report_case import HISTORY, document, empty, pdf_text, tables


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (Cell(1234567, "count"), "1.234.567"),
        (Cell(Decimal("1234567.89"), "rupiah"), "Rp1.234.567,89"),
        (Cell(Decimal("1234567.00"), "rupiah"), "Rp1.234.567"),
        (Cell(Decimal("0.50"), "rupiah"), "Rp0,50"),
        (Cell(Decimal("112.3"), "pct"), "112,30%"),
        (Cell(Decimal("-0.29"), "points"), "−0,29"),
        (Cell(Decimal("1200"), "change"), "+1.200"),
        (Cell(0, "change"), "0"),
        (Cell(dt.date(2026, 9, 1), "date"), "1 September 2026"),
        (Cell(None, "count"), "–"),
        (Cell(None, "count", is_hidden=True), "*"),
        (Cell("=1+1"), "=1+1"),
        (Cell(dt.date(1980, 3, 4), "date"), "4 Maret 1980"),
    ],
)
def test_how_a_figure_is_written(cell: Cell, shown: str) -> None:
    assert str(cell) == shown


def test_pdf_has_at_most_eight_pages_and_says_what_it_is(internal: Document) -> None:
    data = pdf_bytes(internal)
    found = pypdf.PdfReader(io.BytesIO(data))
    root: Any = found.trailer["/Root"]
    assert len(found.pages) <= 8
    assert root["/Lang"] == "id"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    described = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part>2<", described)
    assert re.search(r"pdfaid:conformance>A<", described)
    assert re.search(r"pdfuaid:part>1<", described)


def test_every_figure_of_the_report_is_in_the_pdf_and_the_page(
    internal: Document,
) -> None:
    written = pdf_text(pdf_bytes(internal))
    page = html_bytes(internal).decode()
    for _, block in internal.blocks():
        if isinstance(block, Table):
            for row in block.rows:
                line = " ".join(re.sub(r"\s+", " ", str(cell)) for cell in row[2:])
                assert all(str(cell) in page for cell in row[1:])
                if all(cell.number is not None for cell in row[2:]):
                    assert line in written, (block.title, line)
        if isinstance(block, Tiles):
            for tile in block.tiles:
                assert str(tile.cell) in written
                assert str(tile.cell) in page


def test_workbook_holds_the_same_as_numbers(internal: Document) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(internal)))
    for name, table in tables(internal).items():
        sheet = book[name]
        assert sheet.freeze_panes == "B5"
        assert sheet.print_title_rows == "$4:$4"
        # a long note above the table does not shrink its print
        assert sheet.max_column == len(table.columns)
        assert str(sheet.merged_cells).count("A2:") == 1
        assert sheet.print_area.endswith(f"${len(table.rows) + 4}")
        for index, row in enumerate(table.rows, start=5):
            for column, cell in enumerate(row, start=1):
                found = sheet.cell(index, column)
                assert found.data_type != "f"
                if cell.number is not None:
                    assert isinstance(found.value, int | float)
                    assert Decimal(str(found.value)) == cell.number
                elif isinstance(cell.value, dt.date):
                    assert found.value.date() == cell.value


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_same_report_same_bytes(month: Facts, tmp_path: Path, kind: str) -> None:
    paths = [tmp_path / f"{name}{kind}" for name in "ab"]
    for path in paths:
        write_report(document(month), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert len(list(tmp_path.iterdir())) == 2


def test_unknown_ending_is_refused(internal: Document, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        write_report(internal, tmp_path / "laporan.docx")
    assert caught.value.code == "REPORT_FORMAT"


def test_texts_are_texts_in_every_kind(month: Facts) -> None:
    evil = '<script>alert(1)</script>=cmd|"#let x"'
    rows = tuple(
        {**row, "denominator_source": evil} for row in month.tables["monthly_coverage"]
    )
    changed = Facts(month.release, {**month.tables, "monthly_coverage": rows})
    made = document(changed)
    assert "<script" not in html_bytes(made).decode()
    assert "alert(1)" in pdf_text(pdf_bytes(made))
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(made)))
    assert str(book["Penyebut"].cell(5, 7).value).startswith(evil)


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_scorecard_is_one_page(month: Facts, edition: Any) -> None:
    made = document(month, edition, "64.02")
    assert len(pypdf.PdfReader(io.BytesIO(pdf_bytes(made))).pages) == 1
    assert "Kutai Kartanegara" in pdf_text(pdf_bytes(made))


def test_page_is_built_for_readers_of_every_kind(internal: Document) -> None:
    page = html_bytes(internal).decode()
    assert '<html lang="id">' in page
    assert "<script" not in page
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", page)
    assert page.count("<h1") == 1
    assert page.count("<caption>") == page.count("<table>")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "ids occur once"


@pytest.mark.parametrize("province", ["35", "93"])
def test_largest_and_smallest_province_fit(tmp_path: Path, province: str) -> None:
    """Jawa Timur has 38 regencies; South Papua four, and no drawn map."""
    found = empty(tmp_path, province)
    data = pdf_bytes(document(found, area=province))
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) <= 8
    said = pdf_text(data)
    assert "belum ada" in said
    assert not re.search(r"\(tidak ada data\) (dari|orang)", said)


def test_a_large_province_with_a_large_correction_fits(tmp_path: Path) -> None:
    """Every release with a long note, and more changed numbers than are listed."""
    found = empty(tmp_path, "35")
    note = "Sudah dibaca bersama dinas tenaga kerja kabupaten dan kota. " * 8
    decided = {
        "approval": "rejected",
        "decided_by_name": "Dr. Hj. Siti Aminah Nurhayati, S.E., M.Si.",
        "decided_at": dt.datetime(2026, 10, 16, 1, 30, tzinfo=dt.UTC),
        "decision_note": note.strip(),
    }
    changed = [
        {
            "area_code": code,
            "table_name": "monthly_coverage",
            "cell_key": f"{segment} / ANY / bps_sakernas_agustus_angkatan_kerja",
            "measure": "active_count",
            "before_value": "1234567",
            "after_value": None,
        }
        for code in found.regencies
        for segment in ("PU", "BPU")
    ]
    revisions = Revisions([{**HISTORY[0], **decided}] * 4, changed)
    made = document_of(Months(found), revisions, "35", "internal")
    data = pdf_bytes(made)
    assert len(pypdf.PdfReader(io.BytesIO(data)).pages) <= 8
    said = pdf_text(data)
    assert "52 lainnya" in said
    assert "Peserta aktif termasuk masa tenggang, orang" in said


def test_the_value_stands_on_its_bar_and_not_behind_the_mark() -> None:
    """Behind the mark of a target it would read as the target."""
    drawn = bars([Bar("A", Cell(Decimal("63.68"), "pct"), Decimal(75)),
                  Bar("B", Cell(Decimal("2.00"), "pct"))])  # fmt: skip
    places = re.findall(r'<text x="([\d.]+)"[^>]*>([^<]+)</text>', drawn)
    found = {text: float(x) for x, text in places}
    mark = float(re.findall(r'<line x1="([\d.]+)"', drawn)[0])
    assert found["63,68%"] < mark
    assert found["2,00%"] < mark


def test_numbers_have_dots_and_a_comma() -> None:
    assert number(Decimal("-1234.5"), 2) == "-1.234,50"


def test_an_optional_table_gives_way_to_the_one_page(month: Facts) -> None:
    def card(count: int) -> Document:
        rows = tuple(
            District(f"64.02.{n:02d}", n, n, 10 * n, n) for n in range(1, count + 1)
        )
        return document_of(Months(month), Revisions(HISTORY), "64.02", "internal", rows)

    few, many = card(2), card(60)
    for made, is_there in ((few, True), (many, False)):
        data = pdf_bytes(made)
        assert len(pypdf.PdfReader(io.BytesIO(data)).pages) == 1
        assert ("Pekerja rentan terdaftar" in pdf_text(data)) is is_there
        assert ("tidak muat pada lembar ini" in pdf_text(data)) is not is_there
        # it is left out of the PDF only
        assert "Pekerja rentan terdaftar" in html_bytes(made).decode()


@pytest.mark.parametrize("edition", ["internal", "public"])
def test_the_first_page_can_be_read_alone(month: Facts, edition: Any) -> None:
    made = document(month, edition)
    pages = [
        re.sub(r"\s+", " ", page.extract_text())
        for page in pypdf.PdfReader(io.BytesIO(pdf_bytes(made))).pages
    ]
    words = [
        re.sub(r"\s+", " ", block.words)
        for section, block in made.blocks()
        if section.title == "Kabupaten dan kota sekilas" and isinstance(block, Chart)
    ]
    assert all(one in pages[0] for one in words)
    assert pages[1].startswith("Kabupaten dan kota Peringkat")
