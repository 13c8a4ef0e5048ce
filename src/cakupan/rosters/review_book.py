"""The review queue as a workbook that can be filled in and read back."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Mapping, Sequence
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
_PAIR, _DECISION = "Pasangan", "Keputusan"
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
                ("Jangan diubah", f"Kolom {_PAIR}. Urutan baris boleh diubah."),
                ("Setelah diisi", "cakupan review import BERKAS --month "
                 f"{month} --area KODE --by NAMA, lalu cakupan run --month {month}"),
            ],
        )  # fmt: skip
        sheet = book.sheet(SHEET)
        book.header(sheet, 0, _COLUMNS)
        sheet.freeze_panes(1, 1)
        if pairs:
            sheet.data_validation(
                1, 0, len(pairs), 0,
                {"validate": "list", "source": list(WORDS.values())},
            )  # fmt: skip
        for number, pair in enumerate(pairs, start=1):
            book.row(sheet, number, _COLUMNS, _cells(pair, people[pair.pair_id]))


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


def read_review(path: Path) -> dict[uuid.UUID, str]:
    """The decisions of a workbook that was filled in; rows left empty say nothing.

    Only the two columns that matter are looked at, as text; no formula is evaluated.

    Args:
        path: XLSX file with the sheet and columns :func:`write_review` gives.

    Returns:
        Decision code per pair.

    Raises:
        UsageError: the file cannot be read, lacks the columns, or a row says something
            that cannot be understood; names the row, never its content.
    """
    rows = _rows(path)
    header = [str(cell).strip() for cell in rows[0]] if rows else []
    if _PAIR not in header or _DECISION not in header:
        raise UsageError(
            "REVIEW_COLUMNS",
            f"Sheet {SHEET} lacks the columns {_PAIR} and {_DECISION}.",
            "Fill in the workbook that `cakupan review export` writes.",
        )
    pair_at, decision_at = header.index(_PAIR), header.index(_DECISION)
    found: dict[uuid.UUID, str] = {}
    for number, row in enumerate(rows[1:], start=2):
        said = str(row[decision_at]).strip().casefold()
        if not said:
            continue
        decision = _READ.get(said)
        if decision is None:
            raise _bad_row(number, f"column {_DECISION} is none of sama, beda, ragu")
        try:
            pair_id = uuid.UUID(str(row[pair_at]).strip())
        except ValueError:
            raise _bad_row(number, f"column {_PAIR} was changed") from None
        if found.setdefault(pair_id, decision) != decision:
            raise _bad_row(number, "the pair stands twice with different decisions")
    return found


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
            rows = book.get_sheet_by_name(SHEET).to_python(nrows=_MOST_ROWS)
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
