"""Kemendagri area codes: ``64``, ``64.02``, ``64.02.01``, ``64.02.01.2003``.

A code of four digits without dots cannot be read without knowing its scheme (6402 is
Kutai Kartanegara for Kemendagri and Kutai Barat for BPS), so this type takes dotted
codes only. Source: Kepmendagri 300.2.2-2430/2025 as given by ``idn-area-data``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from cakupan.core.errors import UsageError

AreaLevel = Literal["province", "regency", "district", "village"]

_FORM = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?")
_LEVELS: dict[int, AreaLevel] = {
    2: "province",
    5: "regency",
    8: "district",
    13: "village",
}


@dataclass(frozen=True, order=True, slots=True)
class AreaCode:
    """A dotted Kemendagri code of any level."""

    code: str

    @classmethod
    def parse(cls, text: str) -> AreaCode:
        """Read a dotted code.

        Raises:
            UsageError: the text has another form.
        """
        if not _FORM.fullmatch(text.strip()):
            raise UsageError(
                "AREA_INVALID",
                "Not a Kemendagri area code.",
                "Write it with dots, for example 64.02 (or 64 for a whole province).",
            )
        return cls(text.strip())

    def __str__(self) -> str:
        return self.code

    @property
    def level(self) -> AreaLevel:
        """``province``, ``regency``, ``district`` or ``village``."""
        return _LEVELS[len(self.code)]

    @property
    def province(self) -> AreaCode:
        """The province the area lies in."""
        return AreaCode(self.code[:2])

    @property
    def parent(self) -> AreaCode | None:
        """The area one level up; ``None`` for a province."""
        return AreaCode(self.code.rpartition(".")[0]) if "." in self.code else None
