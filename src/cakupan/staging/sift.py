"""Rows that are not data: blank ones, totals, repeated headers, signatures, NIHIL.

Only rows whose key column does not look like a key come here, so the rules may be
careful and slow; the bulk of a file never passes through Python.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cakupan.staging.header import Header, is_numbering, key, resolve

_TOTAL = re.compile(
    r"(sub\s*-?\s*total|grand\s*total|total|jumlah|jml|rekapitulasi|rekap)\b(?!\s*\w+\s*\d{5})",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"(mengetahui|menyetujui|disetujui|disahkan|dibuat oleh|diperiksa|yang membuat|"
    r"penanggung\s*jawab|an?\.\s*n\.?\s|a\.n|kepala\s+(dinas|bagian|badan|biro|bidang|seksi)|"
    r"plt\.?\s|sekretaris\s+daerah|bupati|wali\s*kota|camat|lurah|petinggi|"
    r"kepala\s+(desa|kampung)|ketua\s+(bpd|rt|rw)|nip\b|pangkat|pembina|penata|ttd|tertanda|"
    r"catatan|keterangan|ket\.|sumber\s*(data)?\s*:|dicetak|tanggal\s+cetak|"
    r"halaman|page\b|\*+\)?|tembusan)",
    re.IGNORECASE,
)
_MONTHS = (
    "januari|februari|pebruari|maret|april|mei|juni|juli|agustus|september|"
    "oktober|november|nopember|desember"
)
_PLACE_DATE = re.compile(
    rf"[a-z .]+,\s*(\d{{1,2}}|\.+|…)?\s*({_MONTHS})\s*\d{{0,4}}", re.I
)
_FEW = 3


def _is_closing(text: str) -> bool:
    """Whether a text stands below a table: place and date, signature, notes."""
    return bool(_FOOTER.match(text) or _PLACE_DATE.fullmatch(text))


class RowKind(StrEnum):
    """What a row is."""

    DATA = "data"
    BLANK = "blank"
    TOTALS = "totals"
    HEADER = "header"
    NUMBERING = "numbering"
    FOOTER = "footer"
    NIL = "nil"


@dataclass(slots=True)
class Sieve:
    """Tells data rows from the others, in file order.

    Attributes:
        header: the header of the table.
        dataset: whose contract it is read by.
        keys: column index of each identifying column, and the digits it has at least.
    """

    header: Header
    dataset: str
    keys: dict[int, int]
    _footer_row: int | None = field(default=None, init=False)

    def judge(self, row: int, cells: Sequence[str]) -> RowKind:
        """What one row is.

        Args:
            row: its number; rows are given in rising order.
            cells: its cells as text; shorter than the header when ragged.
        """
        filled = [(i, text) for i, cell in enumerate(cells) if (text := cell.strip())]
        if not filled:
            if self._footer_row == row - 1:
                self._footer_row = row
            return RowKind.BLANK
        kind = self._kind(row, filled, cells)
        if kind is RowKind.FOOTER:
            self._footer_row = row
        return kind

    def _kind(
        self, row: int, filled: list[tuple[int, str]], cells: Sequence[str]
    ) -> RowKind:
        texts = [text for _, text in filled]
        above = row <= self.header.last_row + 2
        if {key(text) for text in texts} == {"nihil"}:
            return RowKind.NIL
        if above and is_numbering(cells):
            return RowKind.NUMBERING
        if self._is_header(filled):
            return RowKind.HEADER
        has_key = any(
            sum(letter.isdigit() for letter in text) >= self.keys[i]
            for i, text in filled
            if i in self.keys
        )
        if not has_key and any(_TOTAL.match(text) for text in texts[:2]):
            return RowKind.TOTALS
        goes_on = self._footer_row == row - 1 and not has_key
        if len(filled) <= _FEW and (goes_on or any(map(_is_closing, texts))):
            return RowKind.FOOTER
        return RowKind.DATA

    def _is_header(self, filled: list[tuple[int, str]]) -> bool:
        names = self.header.names
        same = sum(
            1
            for i, text in filled
            if i < len(names) and names[i] and resolve(text, self.dataset) == names[i]
        )
        return same >= 2 and same * 2 >= sum(1 for name in names if name)
