"""Planted persons are found in the vault and the restricted lake, and nowhere else.

They are planted where people really put them: in rows that are accepted, quarantined
and refused, in file names, sheet names, headers, titles and columns meant for something
else.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from cakupan.core.settings import Settings
from e2e.home import Done, Home
from e2e.lists import MEMBERS, people, write_csv

pytestmark = pytest.mark.slow

MONTH = "2026-09"
HEADER = (
    "NIK", "Nama", "Tanggal Lahir", "L/P", "Alamat", "Kode Desa", "Penghasilan",
    "Status", "No HP",
)  # fmt: skip
RESTRICTED = ("landing/", "archive/", "lake/")


@dataclass(frozen=True)
class Canary:
    """A person whose every value is unlike any other text."""

    nik: str
    name: str
    born: str
    address: str
    phone: str
    kpj: str

    @property
    def marks(self) -> tuple[str, ...]:
        day, month, year = self.born.split("/")
        written = f"{year}-{month}-{day}", self.born, f"{day}-{month}-{year}"
        return (self.nik, self.name, self.address, self.phone, self.kpj, *written)

    def row(self, **changed: str) -> list[str]:
        cells = {
            "nik": self.nik,
            "nama": self.name,
            "lahir": self.born,
            "jk": "L",
            "alamat": self.address,
            "desa": "64.02.01.2003",
            "gaji": "1.250.000",
            "status": "terverifikasi",
            "hp": self.phone,
        }
        return list({**cells, **changed}.values())


def _canary(number: int, word: str) -> Canary:
    day, month, year = 11 + number, 3, 1961 + number
    return Canary(
        nik=f"640201{day:02d}{month:02d}{year % 100:02d}77{number:02d}",
        name=f"KENARI {word} ZULQOWAIRA",
        born=f"{day:02d}/{month:02d}/{year}",
        address=f"GANG MELATIQU {word} 7731{number}",
        phone=f"0813777755{number:02d}",
        kpj=f"2677315{number:04d}",
    )


ACCEPTED = _canary(1, "WIDYAXARA")
HELD = _canary(2, "PRASETYUWO")
REFUSED = _canary(3, "LUKMANZADI")
IN_NAMES = _canary(4, "HENDRAQOSIM")
INSURED = _canary(5, "YUSRILWAXA")
NOT_HEADER = _canary(6, "SITIZULQA")
ALL = (ACCEPTED, HELD, REFUSED, IN_NAMES, INSURED, NOT_HEADER)


def _list(path: Path) -> Path:
    rows = [
        ACCEPTED.row(),
        HELD.row(),
        HELD.row(nik=HELD.nik[:15] + "O"),
        HELD.row(nik=HELD.nik + "1"),
        HELD.row(lahir=HELD.born.replace("/03/", "/31/")),
        HELD.row(gaji=HELD.name),
        HELD.row(status=HELD.name),
        HELD.row(jk=HELD.nik),
        HELD.row(desa=HELD.address),
        HELD.row(nik=HELD.name),
        HELD.row(nama=HELD.nik),
    ]
    rows += [_row_of(number) for number in range(20)]
    return write_csv(path, HEADER, rows)


def _row_of(number: int) -> list[str]:
    one = people(20)[number].as_worker()
    return [*one[:4], "Jl. Contoh", one[4], "1.000.000", one[6], ""]


def _named(path: Path) -> Path:
    """The person stands in the title, the sheet, a header and the properties.

    What a sheet or a header is called is kept for the sender, its digits masked.
    """
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = f"Data {IN_NAMES.nik}"
    book.properties.creator = IN_NAMES.name
    sheet.append([f"Daftar milik {IN_NAMES.name} {IN_NAMES.nik}"])
    sheet.append([])
    sheet.append([*HEADER, IN_NAMES.nik, f"Kolom {IN_NAMES.phone}"])
    for number in range(6):
        sheet.append([*_row_of(number), "x", "y"])
    sheet.append(["JUMLAH", IN_NAMES.name, "", "", IN_NAMES.address])
    other = book.create_sheet(f"{IN_NAMES.nik}")
    other.append([IN_NAMES.name])
    book.save(path)
    return path


@dataclass(frozen=True)
class Planted:
    home: Home
    said: str
    folder: Path


@pytest.fixture(scope="module")
def planted(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> Planted:
    home, folder = new_home(), tmp_path_factory.mktemp("planted")
    done: list[Done] = []

    def send(path: Path, area: str, dataset: str = "pekerja_rentan") -> None:
        words = (path, "-d", dataset, "-a", area, "-m", MONTH)
        done.append(home.cli("check", *words))
        done.append(home.cli("submit", *words))

    send(_list(folder / f"pekerja_rentan_64.02_{MONTH}.csv"), "64.02")
    lacking = [REFUSED.row()[1:], REFUSED.row()[1:]]
    send(
        write_csv(folder / f"tanpa nik {REFUSED.nik}.csv", HEADER[1:], lacking), "64.03"
    )
    send(_named(folder / f"daftar_{IN_NAMES.nik}.xlsx"), "64.07")
    rows = [NOT_HEADER.row() for _ in range(3)]
    send(write_csv(folder / "tanpa judul.csv", rows[0], rows[1:]), "64.08")
    broken = folder / "rusak.xlsx"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("xl/workbook.xml", f"<a>{REFUSED.nik} {REFUSED.name}</b>")
    send(broken, "64.09")
    members = [
        [INSURED.kpj, INSURED.nik, INSURED.name, INSURED.born, "BPU", "Y", "Y", MONTH,
         "64.02", "kemendagri", "posting"],
        ["", INSURED.nik, INSURED.name, INSURED.born, "BPU", "Y", "Y", MONTH,
         "64.02", "kemendagri", "posting"],
        [INSURED.kpj, INSURED.nik, INSURED.name, INSURED.born, INSURED.name, "Y",
         INSURED.nik, INSURED.name, INSURED.nik, "kemendagri", INSURED.name],
        [ACCEPTED.kpj, ACCEPTED.nik, ACCEPTED.name, ACCEPTED.born, "BPU", "Y", "Y",
         MONTH, "64.02", "kemendagri", "posting"],
    ]  # fmt: skip
    members += [one.as_member(MONTH, "64.02", "kemendagri") for one in people(20)]
    send(write_csv(folder / "peserta.csv", MEMBERS, members), "64", "bpjs_kepesertaan")
    done.append(home.cli("run"))
    assert done[-1].status == 3, done[-1]
    ids = [row[0] for row in home.rows("select submission_id from ops.submissions")]
    for submission in ids:
        for lang in ("id", "en"):
            done.append(home.cli("findings", submission, "--lang", lang))
    done += [
        home.cli("status", "--json"),
        home.cli("coverage", "-m", MONTH, "--json"),
        home.cli("explain", "-m", MONTH, "-a", "64.02", "--json"),
        home.cli("sql", f"select '{INSURED.nik}'::int"),
        home.cli("sql", f"select {INSURED.nik.replace('6', 'a')} from mart.areas"),
        home.cli("findings", INSURED.nik),
    ]
    done = [one for one in done if INSURED.nik not in one.err or "SQL" not in one.err]
    return Planted(home, "\n".join(one.out + one.err for one in done), folder)


def _found(text: str) -> set[str]:
    lowered = text.casefold()
    return {mark for one in ALL for mark in one.marks if mark.casefold() in lowered}


def test_they_are_where_they_may_be(planted: Planted) -> None:
    """So that a search that finds nothing means something."""
    rows = planted.home.rows("select t::text from vault.identities t")
    vault = "\n".join(row[0] for row in rows)
    assert {ACCEPTED.nik, ACCEPTED.name, INSURED.nik} <= _found(vault)
    with planted.home.context() as context:
        keys = [found.key for found in context.store.list("archive/")]
        archive = b"\n".join(context.store.read(key) for key in keys)
    for one in (ACCEPTED, HELD, REFUSED, INSURED, NOT_HEADER):
        assert one.nik.encode() in archive


@pytest.mark.parametrize("schema", ["ops", "core", "mart"])
def test_no_table_holds_them(planted: Planted, schema: str) -> None:
    tables = planted.home.rows(
        "select table_name from information_schema.tables where table_schema = :schema",
        schema=schema,
    )
    assert tables
    total = 0
    for (table,) in tables:
        rows = planted.home.rows(f'select t::text from {schema}."{table}" t')
        total += len(rows)
        assert _found("\n".join(row[0] for row in rows)) == set(), table
    assert total > 100


def test_core_knows_the_persons_by_pseudonym(planted: Planted) -> None:
    ((linked,),) = planted.home.rows(
        "select count(*) from core.registry r join core.participation p "
        "using (person_id, coverage_month) join vault.identities i using (person_id) "
        "where i.nik = :nik",
        nik=ACCEPTED.nik,
    )
    assert linked == 1


def test_no_file_of_the_store_outside_the_restricted_part(planted: Planted) -> None:
    with planted.home.context() as context:
        keys = [found.key for found in context.store.list("")]
        outside = [key for key in keys if not key.startswith(RESTRICTED)]
        assert any(key.startswith("releases/") for key in outside)
        for key in outside:
            for text in _texts(key, context.store.read(key)):
                assert _found(text) == set(), key
    assert not any(one.nik in key for key in keys for one in ALL)


def _texts(name: str, data: bytes) -> list[str]:
    """Contents of a file as text; packed ones unpacked."""
    import io

    import pyarrow.parquet as pq

    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [archive.read(part).decode("utf-8", "replace")
                    for part in archive.namelist()]  # fmt: skip
    if name.endswith(".parquet"):
        return [str(pq.read_table(io.BytesIO(data)).to_pylist())]
    return [data.decode("utf-8", "replace")]


def test_nothing_is_left_on_the_disk(planted: Planted) -> None:
    """Logs, traces, leftovers of Great Expectations, scratch files."""
    home = planted.home.folder
    assert not (home / "errors.log").exists()
    assert [path for path in home.rglob("*") if "great_expect" in path.name] == []
    work = planted.home.settings.work_dir
    assert [path for path in work.rglob("*") if path.is_file()] == []
    for path in home.rglob("*"):
        inside = path.relative_to(home).as_posix()
        assert _found(inside) == set() or inside.startswith("store/")
        if path.is_file() and not inside.startswith("store/"):
            assert _found(path.read_bytes().decode("utf-8", "replace")) == set(), path


def test_no_command_says_them(planted: Planted) -> None:
    assert "NIK_LETTERS" in planted.said
    assert _found(planted.said) == set()


def test_the_database_does_not_log_them(planted: Planted, server: Settings) -> None:
    logs = [
        path
        for path in (server.home / "postgres").rglob("*")
        if path.is_file() and "log" in path.name and "pg_" not in str(path.parent)
    ]
    assert logs
    for path in logs:
        found = _found(path.read_bytes().decode("utf-8", "replace"))
        assert found <= {INSURED.nik}, path  # typed by hand into a query of ours


def test_workbook_names_the_regency_and_no_person(
    planted: Planted, tmp_path: Path
) -> None:
    """The sender gets the sender's own rows back; beside them there is no copy."""
    target = tmp_path / "perbaikan.xlsx"
    planted.home.cli(
        "findings", f"pekerja_rentan-64.02-{MONTH}-001", "--xlsx", target
    ).ok()
    book = openpyxl.load_workbook(target)
    for name in ("Ringkasan", "Petunjuk"):
        text = "\n".join(str(c) for row in book[name].values for c in row if c)
        assert _found(text) == set()
    remarks = "\n".join(
        cell.comment.text
        for row in book["Perbaikan"].iter_rows()
        for cell in row
        if cell.comment
    )
    assert remarks
    assert _found(remarks) == set()
