"""Workbooks and Parquet: sheets, kinds of cells, formats told by their content."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from cakupan.core.contracts import contract
from cakupan.staging.child import outcome_of
from cakupan.staging.columnar import as_text_column
from cakupan.staging.limits import Limits
from cakupan.staging.numbers import number_text
from cakupan.staging.outcome import Job, Outcome
from staged_workbooks import GOOD, HEAD, old_workbook, open_document


def read(
    folder: Path, data: bytes, dataset: str = "pekerja_rentan", **limits: Any
) -> tuple[Outcome, list[dict[str, Any]]]:
    source, target = folder / "file.bin", folder / "raw.parquet"
    source.write_bytes(data)
    target.unlink(missing_ok=True)
    job = Job(source, contract(dataset), target, folder, Limits(**limits))
    outcome = outcome_of(job)
    rows = pq.read_table(target).to_pylist() if target.exists() else []
    return outcome, rows


def codes(outcome: Outcome) -> list[str]:
    return [finding.code for finding in outcome.findings]


def xlsx(fill: Callable[[Any], None], **options: Any) -> bytes:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True, **options}) as book:
        fill(book)
    return memory.getvalue()


def table(rows: list[list[Any]], start: int = 0, column: int = 0) -> bytes:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("Data")
        for i, cells in enumerate(rows):
            sheet.write_row(start + i, column, cells)

    return xlsx(fill, default_date_format="dd/mm/yyyy", strings_to_numbers=False)


def test_kinds_of_cells(tmp_path: Path) -> None:
    rows = [
        HEAD,
        [GOOD, "CONTOH", dt.date(1985, 7, 1), 1_500_000],
        [int(GOOD), "CONTOH", dt.datetime(1985, 7, 1, 10, 30), 16800.5],
        [True, "CONTOH", "01/07/1985", "Rp 16.800"],
        [9.10101019e15, "CONTOH", 31229, 1e-7],
    ]
    outcome, found = read(tmp_path, table(rows))
    assert (outcome.file_format, outcome.received_count) == ("xlsx", 4)
    assert [(r["nik"], r["nik__kind"]) for r in found] == [
        (GOOD, "t"),
        (GOOD, "n"),
        ("1", "b"),
        ("9101010190000000", "n"),
    ]
    assert [(r["tanggal_lahir"], r["tanggal_lahir__kind"]) for r in found] == [
        ("1985-07-01", "d"),
        ("1985-07-01 10:30:00", "d"),
        ("01/07/1985", "t"),
        ("31229", "n"),
    ]
    assert [(r["penghasilan"], r["penghasilan__kind"]) for r in found] == [
        ("1500000", "n"),
        ("16800.5", "n"),
        ("Rp 16.800", "t"),
        ("0.0000001", "n"),
    ]


@pytest.mark.parametrize(
    "value, text",
    [
        (1.0, "1"),
        (-0.0, "0"),
        (16800.5, "16800.5"),
        (1e22, "10000000000000000000000"),
        (1e-7, "0.0000001"),
        (0.1 + 0.2, "0.30000000000000004"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (2**53 + 2, "9007199254740994"),
    ],
)
def test_numbers_as_digits(value: float, text: str) -> None:
    assert number_text(value) == text


def test_rows_are_numbered_as_the_sheet_shows_them(tmp_path: Path) -> None:
    rows: list[list[Any]] = [HEAD, [GOOD, "A", "1/7/1985"], [], [GOOD, "B", "1/7/1985"]]
    outcome, found = read(tmp_path, table(rows, start=6, column=2))
    assert [row["source_row"] for row in found] == [8, 10]
    assert outcome.layout["header_row"] == 7
    assert outcome.layout["sheet"] == "Data"
    letters = {c["name"]: c["letter"] for c in outcome.layout["columns"] if c["name"]}
    assert letters["nik"] == "C"
    assert codes(outcome) == ["PREAMBLE_SKIPPED"]


def test_the_sheet_whose_header_fits_best_hidden_or_not(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("Kosong")
        book.add_worksheet("Petunjuk").write_row(0, 0, ["NIK", "Nama"])
        sheet = book.add_worksheet("Isi")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, [GOOD, "A", "1/7/1985"])
        sheet.hide()
        book.add_worksheet("Rekap").write_row(0, 0, ["Jumlah", 5])

    outcome, found = read(tmp_path, xlsx(fill))
    assert (outcome.layout["sheet"], len(found)) == ("Isi", 1)
    [finding] = outcome.findings
    assert (finding.code, finding.row_count) == ("SHEETS_IGNORED", 2)


def test_a_visible_sheet_comes_before_a_hidden_one_that_fits_as_well(
    tmp_path: Path,
) -> None:
    def fill(book: Any) -> None:
        old, new = book.add_worksheet("Lama"), book.add_worksheet("Isi")
        for name, sheet in (("A", old), ("B", new)):
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, [GOOD, name, "1/7/1985"])
        new.activate()
        new.set_first_sheet()
        old.hide()

    outcome, found = read(tmp_path, xlsx(fill))
    assert (outcome.layout["sheet"], found[0]["nama"]) == ("Isi", "B")
    assert codes(outcome) == ["SHEETS_IGNORED"]


def test_sheets_with_the_same_table_are_told(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        for name in ("Kec. A", "Petunjuk", "Kec. B", "Kec. C", "Contoh"):
            sheet = book.add_worksheet(name)
            if name == "Petunjuk":
                continue
            sheet.write_row(0, 0, HEAD)
            if name != "Contoh":
                sheet.write_row(1, 0, [GOOD, "A", "1/7/1985"])

    outcome, found = read(tmp_path, xlsx(fill))
    assert len(found) == 1
    unread = outcome.findings[-1]
    assert (unread.code, unread.severity) == ("SHEETS_UNREAD", "warning")
    assert (unread.row_count, unread.detail) == (2, "lembar ke-3, lembar ke-4")


def test_merged_header_of_two_rows(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 1, 0, "NO. KTP")
        sheet.merge_range(0, 1, 1, 1, "NAMA LENGKAP")
        sheet.merge_range(0, 2, 0, 3, "LAHIR")
        sheet.write_row(1, 2, ["TEMPAT", "TANGGAL"])
        sheet.merge_range(0, 4, 1, 4, "ALAMAT")
        sheet.write_row(2, 0, ["(1)", "(2)", "(3)", "(4)", "(5)"])
        sheet.write_row(3, 0, [GOOD, "A", "CONTOH", "1/7/1985", "JL"])

    outcome, found = read(tmp_path, xlsx(fill))
    names = [column["name"] for column in outcome.layout["columns"]]
    assert names == ["nik", "nama", None, "tanggal_lahir", "alamat"]
    assert found[0]["source_row"] == 4


def test_formulas_give_their_stored_value(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, [GOOD, "=A", "1/7/1985"])
        sheet.write_formula(1, 1, '="CON"&"TOH"', None, "CONTOH")
        sheet.write_formula(1, 3, "=1000*2", None, 2000)
        sheet.write_row(2, 0, [GOOD, "B", "1/7/1985"])
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")

    _, found = read(tmp_path, xlsx(fill))
    assert (found[0]["nama"], found[0]["penghasilan"]) == ("CONTOH", "2000")
    assert found[1]["penghasilan"] == ""


@pytest.mark.parametrize("cells", [["NIHIL"], ["", "", "Nihil."]])
def test_nil_workbooks(tmp_path: Path, cells: list[str]) -> None:
    for rows in ([cells], [HEAD, cells], [HEAD]):
        outcome, _ = read(tmp_path, table(rows))
        assert (outcome.is_nil, codes(outcome)) == (True, ["NIL_REPORT"])


@pytest.mark.parametrize(
    "rows, code", [([], "FILE_EMPTY"), ([["a", "b"], ["c"]], "HEADER_NOT_FOUND")]
)
def test_workbooks_without_a_table(
    tmp_path: Path, rows: list[list[Any]], code: str
) -> None:
    outcome, _ = read(tmp_path, table(rows))
    assert (outcome.is_refused, codes(outcome)) == (True, [code])


@pytest.mark.parametrize(
    "make, file_format", [(old_workbook, "xls"), (open_document, "ods")]
)
def test_xls_and_ods(
    tmp_path: Path, make: Callable[[], bytes], file_format: str
) -> None:
    outcome, found = read(tmp_path, make())
    assert (outcome.file_format, codes(outcome)) == (file_format, [])
    row = found[0]
    assert (row["nik"], row["nik__kind"]) == (GOOD, "t")
    assert (row["tanggal_lahir"], row["tanggal_lahir__kind"]) == ("1985-07-01", "d")
    assert (row["penghasilan"], row["penghasilan__kind"]) == ("16800", "n")


def _with(data: bytes, name: str, content: bytes) -> bytes:
    memory = io.BytesIO(data)
    with zipfile.ZipFile(memory, "a") as archive:
        archive.writestr(name, content)
    return memory.getvalue()


def _locked() -> bytes:
    memory = io.BytesIO()
    plain = io.BytesIO(table([HEAD, [GOOD, "A", "1/7/1985"]]))
    msoffcrypto.format.ooxml.OOXMLFile(plain).encrypt("rahasia", memory)
    return memory.getvalue()


def _zip(**members: bytes) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return memory.getvalue()


BOOK = table([HEAD, [GOOD, "A", "1/7/1985"]])


@pytest.mark.parametrize(
    "data, code",
    [
        (_locked(), "FILE_ENCRYPTED"),
        (_with(BOOK, "xl/vbaProject.bin", b"x"), "FILE_HAS_MACRO"),
        (_with(open_document(), "Basic/script-lc.xml", b"x"), "FILE_HAS_MACRO"),
        (_with(BOOK, "xl/more.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]>"), "FILE_BOMB"),
        (_with(open_document(), "x.xml", b"<!ENTITY a 'b'>"), "FILE_BOMB"),
        (_zip(a=b"nik;nama"), "FORMAT_NOT_ALLOWED"),
        (
            _zip(mimetype=b"application/vnd.oasis.opendocument.text"),
            "FORMAT_NOT_ALLOWED",
        ),
        (BOOK[: len(BOOK) // 2], "FILE_UNREADABLE"),
        (BOOK[:-30], "FILE_UNREADABLE"),
        (old_workbook()[:3000], "FILE_UNREADABLE"),
    ],
)
def test_refused_workbooks(tmp_path: Path, data: bytes, code: str) -> None:
    outcome, _ = read(tmp_path, data)
    assert (outcome.is_refused, codes(outcome)) == (True, [code])


def test_macro_content_type(tmp_path: Path) -> None:
    memory = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(BOOK)) as source,
        zipfile.ZipFile(memory, "w") as to,
    ):
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "[Content_Types].xml":
                content = content.replace(
                    b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
                )
            to.writestr(item, content)
    outcome, _ = read(tmp_path, memory.getvalue())
    assert codes(outcome) == ["FILE_HAS_MACRO"]


def test_unpacked_size_is_counted_while_unpacking(tmp_path: Path) -> None:
    data = _with(BOOK, "xl/media/image.bin", b"\0" * 3_000_000)
    outcome, _ = read(tmp_path, data, workbook_bytes=1_000_000)
    assert codes(outcome) == ["FILE_BOMB"]


def _parquet(**columns: Any) -> bytes:
    memory = io.BytesIO()
    pq.write_table(pa.table(columns), memory)
    return memory.getvalue()


def test_parquet_of_typed_columns(tmp_path: Path) -> None:
    data = _parquet(
        KPJ=pa.array([26000000011, None], pa.int64()),
        NIK=pa.array([int(GOOD), None], pa.int64()),
        nama=pa.array(["CONTOH", None]).dictionary_encode(),
        segmen=pa.array([b"BPU", b"PU"], pa.binary()),
        tgl_lahir=pa.array([dt.date(1985, 7, 1), None]),
        tgl_kepesertaan=pa.array([dt.datetime(2024, 3, 1), None], pa.timestamp("us")),
        jkk=pa.array([True, False]),
        upah=pa.array([Decimal("16800.50"), None]),
        kode_kabkota=pa.array(["64.02", "64.01"]),
    )
    outcome, found = read(tmp_path, data, "bpjs_kepesertaan")
    assert (outcome.file_format, outcome.received_count) == ("parquet", 2)
    row = found[0]
    assert row["source_row"] == 2
    assert (row["kpj"], row["nik"], row["nik__kind"]) == ("26000000011", GOOD, "t")
    assert (row["nama"], row["segmen"]) == ("CONTOH", "BPU")
    assert (row["tanggal_lahir"], row["tanggal_lahir__kind"]) == ("1985-07-01", "d")
    assert row["tanggal_kepesertaan"] == "2024-03-01"
    assert (row["upah"], row["upah__kind"], row["jkk"]) == ("16800.50", "n", "1")
    assert found[1]["nik"] == found[1]["nama"] == found[1]["tanggal_lahir"] == ""


@pytest.mark.parametrize(
    "values, is_nik, expected",
    [
        (pa.array([6402014107850001.0, None]), True, [GOOD + ".0", ""]),
        (pa.array([16800.0, float("nan")]), False, ["16800", ""]),
        (pa.array([[1], None]), False, ["", ""]),
        (pa.nulls(1), False, [""]),
        (pa.array([dt.datetime(2024, 3, 1, 8)]), False, ["2024-03-01 08:00:00"]),
        (pa.array([1], pa.uint8()), False, ["1"]),
        (pa.array(["a"], pa.large_string()), False, ["a"]),
        (pa.array([b"\xff"]), False, ["\ufffd"]),
    ],
)
def test_parquet_types(values: Any, is_nik: bool, expected: list[str]) -> None:
    assert as_text_column(values, is_nik=is_nik)[0].to_pylist() == expected


def test_parquet_only_where_the_contract_takes_it(tmp_path: Path) -> None:
    data = _parquet(nik=[GOOD], nama=["A"], tgl_lahir=["1/7/1985"])
    assert codes(read(tmp_path, data)[0]) == ["FORMAT_NOT_ALLOWED"]
    assert codes(read(tmp_path, data, "bpjs_kepesertaan")[0])[0] == "COLUMN_MISSING"
    broken = data[: len(data) // 2] + b"PAR1"
    assert codes(read(tmp_path, broken, "bpjs_kepesertaan")[0]) == ["FILE_UNREADABLE"]
    other = _parquet(a=[1])
    assert codes(read(tmp_path, other, "bpjs_kepesertaan")[0]) == ["HEADER_NOT_FOUND"]
    outcome, _ = read(tmp_path, data, "bpjs_kepesertaan", text_bytes=10)
    assert codes(outcome) == ["FILE_BOMB"]


def test_empty_parquet_is_a_nil_report(tmp_path: Path) -> None:
    data = _parquet(
        kpj=pa.array([], pa.string()),
        nama=pa.array([], pa.string()),
        segmen=pa.array([], pa.string()),
        kode_kabkota=pa.array([], pa.string()),
    )
    outcome, _ = read(tmp_path, data, "bpjs_kepesertaan")
    assert (outcome.is_nil, codes(outcome)) == (True, ["NIL_REPORT"])
