"""The national identity number (NIK), never printed whole.

``PPKKCC DDMMYY SSSS``: area of first registration, birth date (day + 40 for women),
serial from 0001. Permanent, no check digit. Source: PP 37/2007 art. 37.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_FORM = re.compile(r"\d{16}")


@dataclass(frozen=True, order=True, slots=True)
class Nik:
    """Sixteen digits that show themselves only as ``64************01``."""

    digits: str

    def __post_init__(self) -> None:
        if not _FORM.fullmatch(self.digits):
            raise ValueError("a NIK has sixteen digits")

    def __str__(self) -> str:
        return f"{self.digits[:2]}{'*' * 12}{self.digits[-2:]}"

    def __repr__(self) -> str:
        return f"Nik({self})"


def contradicted_parts(nik: str, birth_date: dt.date) -> int:
    """How many of day, month and year a number says other than the birth date, 0 to 3.

    Three for a text that is no NIK. Source: PP 37/2007 art. 37.
    """
    if not _FORM.fullmatch(nik):
        return 3
    day, month, year = int(nik[6:8]) % 40, int(nik[8:10]), int(nik[10:12])
    return (
        (day != birth_date.day)
        + (month != birth_date.month)
        + (year != birth_date.year % 100)
    )
