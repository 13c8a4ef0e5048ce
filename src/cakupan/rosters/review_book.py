"""The review queue as a workbook that can be filled in and read back."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import python_calamine

from cakupan.core import areas
from cakupan.core.errors import UsageError
from cakupan.core.masking import masked_name
from cakupan.core.month import CoverageMonth
from cakupan.rosters.book import Column, restricted_book
from cakupan.rosters.evidence import chance, sentence
from cakupan.rosters.review import BothSides, Pair, Side

SHEET = "Keputusan"
_PAIR, _DECISION, _MARK = "Pasangan", "Keputusan", "Tanda"
_DAY_ZERO = dt.date(1899, 12, 30)
WORDS = {"same": "sama", "different": "beda", "unsure": "ragu"}
_READ = {word: code for code, word in WORDS.items()} | {code: code for code in WORDS}
_MOST_BYTES, _MOST_UNPACKED, _MOST_ROWS = 20_000_000, 200_000_000, 100_000

RULES = {
    "nik_conflict": "NIK sama, nama dan tanggal lahir lain",
    "nik_near": "NIK hampir sama",
    "kpj_equal": "KPJ sama",
    "probabilistic": "Data mirip",
    "steward": "Sudah diputus",
}
_ONE_SIDE = (
    ("NIK", 19),
    ("Nama", 26),
    ("Tanggal lahir", 12),
    ("L/P", 5),
    ("Desa/kelurahan", 20),
    ("Wilayah", 20),
)
_COLUMNS = (
    Column(_DECISION, 11),
    *(
        Column(f"{title} ({side})", width, "date" if "Tanggal" in title else "text")
        for side in ("daftar", "BPJS")
        for title, width in _ONE_SIDE
    ),
    Column("Alamat (daftar)", 26),
    Column("KPJ (BPJS)", 13),
    Column("Mengapa", 20),
    Column("Peluang", 14),
    Column("Kecocokan", 60),
    Column(_PAIR, 38),
    Column(_MARK, 14),
)
_MARKED = tuple(
    column.title for column in _COLUMNS if column.title not in {_DECISION, _MARK}
)


def write_review(
    target: Path,
    scratch: Path,
    month: CoverageMonth,
    pairs: Sequence[Pair],
    people: Mapping[uuid.UUID, BothSides],
) -> None:
    """Write pairs with both sides; the first column is to be filled in.

    Args:
        target: XLSX file; mode 0600.
        scratch: folder for the rows while they are written.
        month: whose queue it is.
        pairs: in the order they are listed.
        people: both sides of each.

    Raises:
        UsageError: the file cannot be written.
    """
    with restricted_book(target, scratch, "Pasangan yang meragukan") as book:
        book.lines(
            "Baca dulu",
            f"Pasangan yang meragukan, {month}",
            [
                ("Pasangan", len(pairs)),
                ("Cara mengisi", f"Isi kolom {_DECISION}: sama, beda atau ragu. "
                 "Baris yang dikosongkan tidak diputuskan."),
                ("Jangan diubah", f"Kolom selain {_DECISION}: baris yang berubah "
                 "ditolak. Urutkan dengan tombol saring pada judul kolom, supaya "
                 "seluruh baris ikut berpindah."),
                ("Setelah diisi", "cakupan review import BERKAS --month "
                 f"{month} --area KODE --by NAMA, lalu cakupan run --month {month}"),
            ],
        )  # fmt: skip
        sheet = book.sheet(SHEET)
        book.header(sheet, 0, _COLUMNS)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(pairs), len(_COLUMNS) - 1)
        if pairs:
            sheet.data_validation(
                1, 0, len(pairs), 0,
                {"validate": "list", "source": list(WORDS.values())},
            )  # fmt: skip
        for number, pair in enumerate(pairs, start=1):
            cells = _cells(pair, people[pair.pair_id])
            book.row(sheet, number, _COLUMNS, (*cells, _mark(cells[1:])))


def _cells(pair: Pair, sides: BothSides) -> tuple[Any, ...]:
    return (
        WORDS[pair.decision] if pair.decision else None,
        *_side(sides.listed),
        *_side(sides.insured),
        sides.listed.address,
        sides.insured.kpj,
        RULES.get(pair.link_rule, pair.link_rule),
        chance(pair.probability),
        sentence(pair.evidence),
        str(pair.pair_id),
    )


def _side(side: Side) -> tuple[Any, ...]:
    return (
        side.nik,
        side.name,
        side.birth_date,
        side.sex,
        areas.name_of(side.village_code) if side.village_code else None,
        areas.name_of(side.area_code) or side.area_code,
    )


def _mark(cells: Iterable[Any]) -> str:
    """What ties a decision to the pair its row shows: a digest of all other cells.

    It finds mistakes (columns sorted without the others, a number pasted elsewhere); it
    is no secret, as whoever fills in the workbook may decide about any pair.
    """
    shown = "\x1f".join(_bare(cell) for cell in cells)
    return hashlib.sha256(shown.encode()).hexdigest()[:12]


def _bare(cell: Any) -> str:
    """What a cell says, whatever type a spreadsheet program gave it.

    A date is the number of its day, as where its format was taken away; of a text only
    letters and digits count; a number has no zeros in front.
    """
    if isinstance(cell, dt.datetime):
        cell = cell.date()
    if isinstance(cell, dt.date):
        cell = (cell - _DAY_ZERO).days
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell).casefold()
    text = "".join(letter for letter in text if letter.isalnum())
    return text.lstrip("0") if text.isdigit() else text


def read_review(path: Path) -> dict[uuid.UUID, str]:
    """The decisions of a workbook that was filled in; rows left empty say nothing.

    Cells are looked at as they stand; no formula is evaluated.

    Args:
        path: XLSX file with the sheet and columns :func:`write_review` gives.

    Returns:
        Decision code per pair.

    Raises:
        UsageError: the file cannot be read, lacks the columns, or a row says something
            that cannot be understood or no longer shows what was exported for its pair;
            names the row, never its content.
    """
    rows = _rows(path)
    top, places = _header(rows)
    found: dict[uuid.UUID, str] = {}
    for number, row in enumerate(rows[top + 1 :], start=top + 2):
        said = str(row[places[_DECISION]]).strip().casefold()
        if not said:
            continue
        pair_id, decision = _decided(number, said, str(row[places[_PAIR]]))
        marked = _mark(row[places[title]] for title in _MARKED)
        if str(row[places[_MARK]]).strip() != marked:
            raise _changed_row(number)
        if found.setdefault(pair_id, decision) != decision:
            raise _bad_row(number, "the pair stands twice with different decisions")
    return found


def _header(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    """The row that holds the titles, and where each of them stands."""
    needed = {_DECISION, _MARK, *_MARKED}
    for at, row in enumerate(rows):
        titles = [str(cell).strip() for cell in row]
        if needed.issubset(titles):
            return at, {title: titles.index(title) for title in needed}
    raise UsageError(
        "REVIEW_COLUMNS",
        f"Sheet {SHEET} lacks one of the columns {_DECISION}, {_PAIR}, {_MARK} or of "
        "those that show the two sides.",
        "Fill in the workbook that `cakupan review export` writes, with all its "
        "columns.",
    )


def _decided(number: int, said: str, pair: str) -> tuple[uuid.UUID, str]:
    decision = _READ.get(said)
    if decision is None:
        raise _bad_row(number, f"column {_DECISION} is none of sama, beda, ragu")
    try:
        return uuid.UUID(pair.strip()), decision
    except ValueError:
        raise _bad_row(number, f"column {_PAIR} was changed") from None


def _changed_row(number: int) -> UsageError:
    return UsageError(
        "REVIEW_ROW_CHANGED",
        f"Row {number} no longer shows what was exported for its pair: a cell was "
        "changed, or columns were sorted without the others. Nothing was stored.",
        "Export the queue again, fill in the column Keputusan only, and sort with the "
        "filter buttons, which move whole rows.",
    )


def _bad_row(number: int, what: str) -> UsageError:
    return UsageError(
        "REVIEW_ROW_INVALID",
        f"Row {number}: {what}. Nothing was stored.",
        "Correct the row and import the workbook again.",
    )


def _rows(path: Path) -> list[list[Any]]:
    shown = masked_name(path.name)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _unreadable(shown)
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise _unreadable(shown)
        with python_calamine.load_workbook(str(path)) as book:
            if SHEET not in book.sheet_names:
                raise UsageError(
                    "REVIEW_COLUMNS",
                    f"{shown} has no sheet {SHEET}.",
                    "Fill in the workbook that `cakupan review export` writes.",
                )
            sheet = book.get_sheet_by_name(SHEET)
            # rows keep their numbers: nothing empty on top is left out
            rows = sheet.to_python(skip_empty_area=False, nrows=_MOST_ROWS)
            return [list(row) for row in rows]
    except FileNotFoundError:
        raise UsageError("FILE_NOT_FOUND", f"There is no file {shown}.") from None
    except (OSError, zipfile.BadZipFile, python_calamine.CalamineError):
        raise _unreadable(shown) from None


def _unreadable(shown: str) -> UsageError:
    return UsageError(
        "FILE_UNREADABLE",
        f"{shown} cannot be read as an XLSX workbook.",
        "Save it as .xlsx without a password.",
    )
