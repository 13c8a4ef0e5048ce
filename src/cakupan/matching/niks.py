"""What an identity number says of its own row: a NIK that fits it, or a damaged one.

``PPKKCC DDMMYY SSSS``: area, birth date (day + 40 for women), serial (PP 37/2007
art. 37). Numbers of another form (``cakupan link`` takes any) are no NIK here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from cakupan.matching.people import NIK_DIGITS, Array, Field, People

_WOMAN = 40
_ALL_PARTS = 4


@dataclass(frozen=True, slots=True)
class Niks:
    """The numbers of one file, row by row.

    Attributes:
        born: the birth date in the NIK, ``ddmmyy`` as a number; -1 where the number is
            missing or has not the form of a NIK.
        contradicted: in how many of day, month, year and sex the NIK contradicts its own
            row, as far as the row says them; all where there is no NIK.
    """

    born: Array
    contradicted: Array


def read_niks(people: People) -> tuple[Niks, Niks]:
    """The numbers of the left and of the right file."""
    field = people.fields.get("nik")
    if field is None or not len(field.vocabulary):
        return _no_niks(people.sizes[0]), _no_niks(people.sizes[1])
    length = NIK_DIGITS - field.is_rounded
    parts = np.array([_parts(text, length) for text in field.vocabulary])
    return _side(people, parts, 0), _side(people, parts, 1)


def _no_niks(rows: int) -> Niks:
    return Niks(np.full(rows, -1), np.full(rows, _ALL_PARTS))


def _side(people: People, parts: Array, side: int) -> Niks:
    number = _codes(people.fields["nik"], side)
    found = np.where(number[:, None] < 0, -1, parts[number])
    day, month, year, is_woman = found.T
    is_nik = day > 0
    parts_wrong = np.zeros(len(number), dtype=np.int64)
    dates, sexes = people.fields.get("birth_date"), people.fields.get("sex")
    if dates is not None and len(dates.vocabulary):
        code = _codes(dates, side)
        said = np.array([int(text) for text in dates.vocabulary])[code]
        parts_wrong += np.where(code < 0, 0, _other_parts(said, day, month, year))
    if sexes is not None and len(sexes.vocabulary):
        code = _codes(sexes, side)
        letter = np.where(code < 0, "", sexes.vocabulary[code])
        parts_wrong += (letter == "F") & (is_woman == 0)
        parts_wrong += (letter == "M") & (is_woman == 1)
    return Niks(
        np.where(is_nik, day * 10_000 + month * 100 + year, -1),
        np.where(is_nik, parts_wrong, _ALL_PARTS),
    )


def _codes(field: Field, side: int) -> Array:
    return field.right if side else field.left


def _other_parts(said: Array, day: Array, month: Array, year: Array) -> Array:
    """Parts in which dates ``yyyymmdd`` differ; a day or month of 0 is not known."""
    said_month, said_day = said // 100 % 100, said % 100
    differ = (said // 10_000 % 100 != year).astype(np.int64)
    differ += (said_month != month) & (said_month > 0)
    return np.asarray(differ + ((said_day != day) & (said_day > 0)))


def _parts(text: str, length: int) -> tuple[int, int, int, int]:
    """Day, month, year and whether of a woman; -1 where the text is no NIK."""
    if len(text) == length and re.fullmatch(r"[1-9][0-9]+", text):
        day, month, year = int(text[6:8]), int(text[8:10]), int(text[10:12])
        is_woman = day > _WOMAN
        day -= _WOMAN * is_woman
        if 1 <= day <= 31 and 1 <= month <= 12:
            return day, month, year, int(is_woman)
    return -1, -1, -1, -1
