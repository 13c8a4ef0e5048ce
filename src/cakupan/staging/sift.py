"""Rows that are not data: blank ones, totals, repeated headers, signatures, NIHIL.

Only rows whose key column does not look like a key come here, so the rules may be
careful and slow; the bulk of a file never passes through Python.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cakupan.core.contracts import contract
from cakupan.staging.header import Header, is_numbering, resolve
from cakupan.staging.keys import key

_TOTAL = re.compile(
    r"(sub\s*-?\s*total|grand\s*total|total|jumlah|jml|rekapitulasi|rekap)\b(?!\s*\w+\s*\d{5})",
    re.IGNORECASE,
)
#: A totals row of a table without identifying column: the word stands alone, so that a
#: company called "Total ..." stays.
_TOTAL_ALONE = re.compile(
    r"((sub\s*-?\s*|grand\s*)?total|jumlah|jml|rekapitulasi|rekap)"
    r"(\s+(total|seluruh(nya)?|keseluruhan|semua|anggaran|pagu|dana|csr|orang|peserta))*"
    r"\s*[:.=]*",
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
            Where there is none, a row with all required values is a row of data.
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
        has_key = self._has_key(filled)
        if self._is_totals(texts[:2], has_key):
            return RowKind.TOTALS
        goes_on = self._footer_row == row - 1 and not has_key
        may_close = len(filled) <= _FEW and (self.keys or not has_key)
        if may_close and (goes_on or any(map(_is_closing, texts))):
            return RowKind.FOOTER
        return RowKind.DATA

    def _is_totals(self, texts: Sequence[str], has_key: bool) -> bool:
        """Whether the first texts of a row say that it sums up others."""
        alone = not self.keys and any(map(_TOTAL_ALONE.fullmatch, texts))
        return alone or (not has_key and any(map(_TOTAL.match, texts)))

    def _has_key(self, filled: list[tuple[int, str]]) -> bool:
        if self.keys:
            return any(
                sum(letter.isdigit() for letter in text) >= self.keys[i]
                for i, text in filled
                if i in self.keys
            )
        present = {self.header.names[i] for i, _ in filled if i < self._width}
        columns = contract(self.dataset).columns
        return all(column.name in present for column in columns if column.required)

    @property
    def _width(self) -> int:
        return len(self.header.names)

    def _is_header(self, filled: list[tuple[int, str]]) -> bool:
        names = self.header.names
        same = sum(
            1
            for i, text in filled
            if i < len(names) and names[i] and resolve(text, self.dataset) == names[i]
        )
        return same >= 2 and same * 2 >= sum(1 for name in names if name)
