"""The national identity number (NIK), never printed whole.

``PPKKCC DDMMYY SSSS``: area of first registration, birth date (day + 40 for women),
serial from 0001. Permanent, no check digit. Source: PP 37/2007 art. 37.
"""

from __future__ import annotations

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
