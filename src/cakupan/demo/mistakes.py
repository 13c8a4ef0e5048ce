"""Mistakes that real lists contain, put into known rows.

Every changed row gets exactly one mistake, so the number of rows that must be
quarantined, and why, is known beforehand.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cakupan.demo.styles import Style
from cakupan.demo.tables import Table

Change = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One way to get a row wrong.

    Attributes:
        code: finding it must give.
        column: canonical column it is made in.
        change: new cell from the old one, as text.
        weight: how often it is made.
        sheet_only: needs typed cells.
        quarantined: whether the row is held back, or only reported.
    """

    code: str
    column: str
    change: Change
    weight: int = 2
    sheet_only: bool = False
    quarantined: bool = True


def _spaced(nik: str) -> str:
    return f"{nik[:6]} {nik[6:12]} {nik[12:]}"


def _scientific(nik: str) -> str:
    return f"{nik[0]}.{nik[1:6]}E+15"


def _family_card(nik: str) -> str:
    """A family card number: the date in it is the day of issue, never + 40."""
    return f"{nik[:6]}{(int(nik[6:8]) - 1) % 28 + 1:02d}{nik[8:10]}12{nik[12:]}"


def _elsewhere(village: str) -> str:
    """A village of a neighbouring regency."""
    at_home = village.replace(".", "").startswith("6402")
    return "64.01.01.2009" if at_home else "64.02.01.2003"


MISTAKES = (
    Mistake("NIK_PRECISION_LOSS", "nik", lambda n: float(n[:15] + "0"), 10, True),
    Mistake("NIK_DATE_CELL", "nik", lambda n: dt.date(1971, 10, 2), 1, True),
    Mistake("NIK_SCIENTIFIC", "nik", _scientific, 5),
    Mistake("NIK_FLOAT_INEXACT", "nik", lambda n: "9301" + n[4:15] + "0.0", 1),
    Mistake("NIK_LETTERS", "nik", lambda n: n[:13] + "O" + n[14:], 4),
    Mistake("NIK_LENGTH", "nik", lambda n: n[:15], 5),
    Mistake("NIK_LENGTH", "nik", lambda n: n + "1", 3),
    Mistake("NIK_DUMMY", "nik", lambda n: "1234567890123456", 1),
    Mistake("NIK_DUMMY", "nik", lambda n: "9999999999999999", 1),
    Mistake("NIK_DUMMY", "nik", lambda n: "0000000000000000", 1),
    Mistake("NIK_SERIAL_ZERO", "nik", lambda n: n[:12] + "0000"),
    Mistake("NIK_AREA_UNKNOWN", "nik", lambda n: "6499" + n[4:], 3),
    Mistake("NIK_DATE_INVALID", "nik", lambda n: n[:6] + "3102" + n[10:], 3),
    Mistake("NIK_MISSING", "nik", lambda n: "", 3),
    Mistake("NAME_MISSING", "nama", lambda n: "", 2),
    Mistake("DATE_INVALID", "tanggal_lahir", lambda n: "31/02/1985", 3),
    Mistake("DATE_INVALID", "tanggal_lahir", lambda n: "00/00/0000", 2),
    Mistake("BIRTH_DATE_FUTURE", "tanggal_lahir", lambda n: "12/05/2062", 1),
    Mistake("VILLAGE_UNKNOWN", "kode_desa", lambda n: n[:-4] + "2999", 4),
    Mistake("VILLAGE_UNKNOWN", "desa", lambda n: "Desa Tidak Ada", 4),
    Mistake("VILLAGE_OTHER_AREA", "kode_desa", _elsewhere, 1),
    Mistake("RUPIAH_INVALID", "penghasilan", lambda n: "kurang lebih sejuta", 2),
    Mistake("RUPIAH_INVALID", "upah", lambda n: "UMK", 2),
    Mistake("NIK_REPAIRED", "nik", _spaced, 6, quarantined=False),
    Mistake("NIK_REPAIRED", "nik", lambda n: "'" + n, 6, quarantined=False),
    Mistake("NIK_POSSIBLY_NKK", "nik", _family_card, 2, quarantined=False),
    Mistake("NIK_FLOAT_TAIL", "nik", lambda n: n + ".0", 4, quarantined=False),
)
DUPLICATE_SHARE = 0.08  # of the rows with a mistake


@dataclass(frozen=True, slots=True)
class Made:
    """What was put into a table: rows per finding code."""

    quarantined: Counter[str]
    reported: Counter[str]


def make(random: np.random.Generator, table: Table, style: Style, share: float) -> Made:
    """Spoil a share of the rows of a table, in place.

    Some clean rows are repeated at the end of the table: the second one is the
    duplicate.
    """
    rows = len(table["nik"])
    # a draw per row, so that small lists get their share on the average too
    spoiled = np.flatnonzero(random.random(rows) < share)
    usable = [
        mistake
        for mistake in MISTAKES
        if mistake.column in table and (style.is_sheet or not mistake.sheet_only)
    ]
    weights = np.array([mistake.weight for mistake in usable], dtype=float)
    made = Made(Counter(), Counter())
    choice = random.choice(len(usable), len(spoiled), p=weights / weights.sum())
    repeats = random.random(len(spoiled)) < DUPLICATE_SHARE
    for row, index, repeat in zip(
        spoiled.tolist(), choice.tolist(), repeats.tolist(), strict=True
    ):
        if repeat:
            for cells in table.values():
                cells.append(cells[row])
            made.quarantined["DUPLICATE_ROW"] += 1
            continue
        mistake = usable[index]
        cells = table[mistake.column]
        old = str(cells[row])
        cells[row] = mistake.change(old)
        # beyond 2**53 a float cannot tell neighbours apart: not repairable
        if mistake.code == "NIK_FLOAT_TAIL" and int(old) > 2**53:
            made.quarantined["NIK_FLOAT_INEXACT"] += 1
        elif mistake.quarantined:
            made.quarantined[mistake.code] += 1
        else:
            made.reported[mistake.code] += 1
    return made
