"""The child process: whatever is in a file, the answer is a finding, and it comes."""

from __future__ import annotations

import io
import os
import random
import signal
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from cakupan.core.contracts import DATASETS, contract
from cakupan.core.errors import OperationalError
from cakupan.core.settings import Settings
from cakupan.staging import child_process
from cakupan.staging.child import outcome_of
from cakupan.staging.limits import Limits
from cakupan.staging.outcome import Job
from cakupan.staging.read import ReadResult, read_file
from staged_workbooks import old_workbook, open_document

GOOD = "6402014107850001"
HEAD = ["NIK", "Nama", "Tanggal Lahir"]
TEXT = f"nik;nama;tanggal_lahir\n{GOOD};CONTOH;01/07/1985\n".encode()


def run(
    folder: Path, data: bytes, dataset: str = "pekerja_rentan", **limits: Any
) -> ReadResult:
    source = folder / "berkas"
    source.write_bytes(data)
    return read_file(
        Settings(home=folder / "home"),
        source,
        "berkas.xlsx",
        contract(dataset),
        folder / "out" / "raw.parquet",
        limits=Limits(**limits),
    )


def codes(result: ReadResult) -> list[str]:
    return [finding.code for finding in result.findings]


def _book(rows: int = 1, **options: Any) -> bytes:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for i in range(rows):
            sheet.write_row(i + 1, 0, [GOOD, "CONTOH", "01/07/1985"])
    return memory.getvalue()


def _replace(data: bytes, name: str, content: bytes) -> bytes:
    memory = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for item in source.infolist():
            same = item.filename != name
            target.writestr(item.filename, source.read(item) if same else content)
    return memory.getvalue()


def _sheet(rows: str, dimension: str = "A1:C2") -> bytes:
    start = (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
        '"http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    )
    body = f'<dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    return _replace(_book(), "xl/worksheets/sheet1.xml", (start + body).encode())


def _row(number: int, *cells: str, first: str = "ABC") -> str:
    inside = "".join(
        f'<c r="{letter}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for letter, cell in zip(first, cells, strict=False)
    )
    return f'<row r="{number}">{inside}</row>'


def test_a_good_file(tmp_path: Path) -> None:
    result = run(tmp_path, TEXT)
    assert (result.file_format, result.received_count, codes(result)) == ("csv", 1, [])
    assert (result.is_refused, result.is_nil) == (False, False)
    assert pq.read_table(tmp_path / "out" / "raw.parquet").num_rows == 1
    assert list((tmp_path / "home" / "work").iterdir()) == [], "nothing is left over"


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    run(tmp_path, TEXT)
    first = (tmp_path / "out" / "raw.parquet").read_bytes()
    run(tmp_path, TEXT)
    assert (tmp_path / "out" / "raw.parquet").read_bytes() == first


def test_no_secret_reaches_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAKUPAN_PERSON_KEY", "rahasia")
    run(tmp_path, TEXT)
    server = child_process.running_server().process
    given = Path(f"/proc/{server.pid}/environ").read_bytes()
    assert b"PYTHONHASHSEED" in given
    assert b"rahasia" not in given


def test_the_server_has_one_thread_and_one_server_serves_all(tmp_path: Path) -> None:
    run(tmp_path, TEXT)
    server = child_process.running_server().process
    assert run(tmp_path, _book()).received_count == 1
    assert child_process.running_server().process is server
    assert "\nThreads:\t1\n" in Path(f"/proc/{server.pid}/status").read_text("utf-8")


def test_a_server_that_was_killed_is_replaced(tmp_path: Path) -> None:
    run(tmp_path, TEXT)
    child_process.running_server().process.kill()
    assert run(tmp_path, TEXT).received_count == 1


def test_an_interrupted_job_leaves_no_answer_for_the_next(tmp_path: Path) -> None:
    """As when Airflow ends a task that takes too long."""

    def interrupt(*_: object) -> None:
        raise InterruptedError

    long = _book(100_000)
    run(tmp_path, TEXT)
    server = child_process.running_server().process
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(InterruptedError):
            run(tmp_path, long)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert server.poll() is not None, "its fork ended with it"
    result = run(tmp_path, TEXT)
    assert (result.file_format, result.received_count) == ("csv", 1)


def test_a_fork_starts_its_own_server(tmp_path: Path) -> None:
    run(tmp_path, TEXT)
    pid = os.fork()
    if pid == 0:
        done = run(tmp_path, TEXT)
        os._exit(0 if done.received_count == 1 else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert run(tmp_path, TEXT).received_count == 1


def test_wall_time_is_bounded(tmp_path: Path) -> None:
    result = run(tmp_path, TEXT, wall_seconds=0.01)
    assert (result.is_refused, codes(result)) == (True, ["FILE_TIMEOUT"])


def test_processor_time_is_bounded(tmp_path: Path) -> None:
    book = _book(100_000)
    result = run(tmp_path, book, cpu_seconds=1)
    assert codes(result) in (["FILE_TIMEOUT"], [])  # a fast machine may make it
    assert result.is_refused == bool(result.findings)


def test_memory_is_bounded(tmp_path: Path) -> None:
    far = _sheet(_row(1, *HEAD) + _row(1_048_576, "x", first=["XFD"]), "A1:XFD1048576")
    result = run(tmp_path, far, memory=1 << 30)
    assert result.is_refused
    assert codes(result)[0] in {"FILE_BOMB", "FILE_UNREADABLE"}


def test_too_little_memory_to_start_is_an_answer_too(tmp_path: Path) -> None:
    result = run(tmp_path, TEXT, memory=64 << 20)
    assert result.is_refused
    assert codes(result)[0] in {"FILE_BOMB", "FILE_UNREADABLE"}


def test_zip_bomb(tmp_path: Path) -> None:
    zeros = _replace(_book(), "xl/worksheets/sheet1.xml", b"\0" * 200_000_000)
    assert len(zeros) < 1_000_000
    result = run(tmp_path, zeros)
    assert codes(result) == ["FILE_BOMB"]


def test_billion_laughs(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))
    laugh = (
        f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{entities}]>'
        "<worksheet><sheetData><row><c><v>&l9;</v></c></row></sheetData></worksheet>"
    )
    data = _replace(_book(), "xl/worksheets/sheet1.xml", laugh.encode())
    assert codes(run(tmp_path, data)) == ["FILE_BOMB"]


def test_a_million_formatted_empty_rows(tmp_path: Path) -> None:
    empty = "".join(
        f'<row r="{i}"><c r="A{i}" s="1"/></row>' for i in range(3, 1_048_577)
    )
    data = _sheet(
        _row(1, *HEAD) + _row(2, GOOD, "CONTOH", "01/07/1985") + empty, "A1:C1048576"
    )
    result = run(tmp_path, data)
    assert (result.is_refused, result.received_count) == (False, 1)


def test_a_wrong_dimension_hides_no_rows(tmp_path: Path) -> None:
    rows = "".join(_row(i, GOOD, "CONTOH", "01/07/1985") for i in range(2, 12))
    result = run(tmp_path, _sheet(_row(1, *HEAD) + rows, "A1:A1"))
    assert result.received_count == 10


def test_sixteen_thousand_columns(tmp_path: Path) -> None:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD + ["x"] * 16_381)
        sheet.write_row(1, 0, [GOOD, "CONTOH", "01/07/1985"])
    result = run(tmp_path, memory.getvalue())
    assert codes(result) == ["FILE_UNREADABLE"]


def test_cells_right_of_the_header_do_not_matter(tmp_path: Path) -> None:
    rows = _row(1, *HEAD) + _row(2, GOOD, "CONTOH", "01/07/1985")
    far = _row(3, GOOD, "CONTOH", "01/07/1985", "x", first=["A", "B", "C", "XFD"])
    result = run(tmp_path, _sheet(rows + far))
    assert result.received_count == 2


def test_ods_that_repeats_itself_without_end(tmp_path: Path) -> None:
    content = (
        '<?xml version="1.0"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        '<office:body><office:spreadsheet><table:table table:name="a">'
        '<table:table-row table:number-rows-repeated="1000000000">'
        '<table:table-cell table:number-columns-repeated="100000" '
        'office:value-type="string"><text:p>x</text:p></table:table-cell>'
        "</table:table-row></table:table></office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    result = run(tmp_path, memory.getvalue(), memory=1 << 30, cpu_seconds=20)
    assert result.is_refused


def test_one_line_of_a_hundred_megabytes(tmp_path: Path) -> None:
    for data in (TEXT + b"x" * 100_000_000, b"x" * 100_000_000):
        result = run(tmp_path, data)
        assert result.is_refused or result.received_count == 2


def test_a_name_says_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, _book()).file_format == "xlsx"
    assert run(tmp_path, TEXT).file_format == "csv"


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_dataset_reads_its_own_template_row(tmp_path: Path, dataset: str) -> None:
    columns = contract(dataset).columns
    lines = [[c.name for c in columns], [c.example for c in columns]]
    text = "\n".join(";".join(line) for line in lines).encode()
    result = run(tmp_path, text, dataset)
    assert (result.received_count, codes(result)) == (1, [])


def _mutations(data: bytes, count: int) -> list[bytes]:
    source = random.Random(20260901)
    made = []
    for _ in range(count):
        mutant = bytearray(data)
        for _ in range(source.randint(1, 8)):
            where = source.randrange(len(mutant))
            kind = source.random()
            if kind < 0.5:
                mutant[where] = source.randrange(256)
            elif kind < 0.75:
                del mutant[where : where + source.randint(1, 40)]
            else:
                mutant[where:where] = source.randbytes(source.randint(1, 40))
        made.append(bytes(mutant))
    return made


@pytest.mark.parametrize("kind", ["text", "xlsx", "xls", "ods"])
def test_mutated_files_give_an_answer(tmp_path: Path, kind: str) -> None:
    made = {"text": lambda: TEXT * 20, "xlsx": lambda: _book(20)}
    data = (made | {"xls": old_workbook, "ods": open_document})[kind]()
    for mutant in _mutations(data, 4):
        result = run(tmp_path, mutant, cpu_seconds=20, wall_seconds=60)
        assert result.is_refused or result.received_count >= 0


@rules(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.binary(max_size=2000))
def test_any_bytes_at_all(tmp_path: Path, data: bytes) -> None:
    """In this process: an exception the reader does not catch fails the test."""
    for start in (b"", b"nik;nama;tanggal_lahir\n", b"PK\x03\x04", b"\x1f\x8b\x08"):
        source = tmp_path / "any"
        source.write_bytes(start + data)
        job = Job(
            source, contract("pekerja_rentan"), tmp_path / "raw", tmp_path, Limits()
        )
        outcome = outcome_of(job)
        assert outcome.is_refused or outcome.received_count >= 0


@rules(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(alphabet="abc16;,\"'\n\r\t |\0é(=)NIHIL.", max_size=400))
def test_any_text_below_a_header(tmp_path: Path, text: str) -> None:
    source, target = tmp_path / "any", tmp_path / "raw"
    source.write_bytes(b"nik;nama;tanggal_lahir\n" + text.encode())
    outcome = outcome_of(
        Job(source, contract("pekerja_rentan"), target, tmp_path, Limits())
    )
    if not outcome.is_refused:
        rows = pq.read_table(target)
        assert rows.num_rows == outcome.received_count
        numbers = rows["source_row"].to_pylist()
        assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("program", ["/bin/false", "/bin/true"])
def test_without_a_reader_the_file_waits_and_is_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    child_process.stop_server()
    monkeypatch.setattr(child_process.sys, "executable", program)
    with pytest.raises(OperationalError, match="READER_LOST"):
        run(tmp_path, TEXT)
    monkeypatch.undo()
    assert run(tmp_path, TEXT).received_count == 1
