"""A quote that nobody closed: the rows behind it lie inside one cell.

Readers take them for text, until the next quote or the end of the file; they would be
lost without a word. Texts with line breaks inside their quotes are no such thing.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from cakupan.staging.refusal import FileRefused

_UNPAIRED = "tanda kutip tidak berpasangan pada baris {row}"


@dataclass
class Quotes:
    """The quotes of a delimited text.

    Attributes:
        path: UTF-8 text, lines ending in a line feed.
        offset: byte at which the rows begin.
        delimiter: between cells.
        quote: around cells.
        width: cells of a row.
    """

    path: Path
    offset: int
    delimiter: str
    quote: str
    width: int

    def check(
        self, numbers: Any, columns: list[Any], ragged: list[tuple[int, str]]
    ) -> None:
        """Look for rows that hold others; only then read the text again to be sure.

        Args:
            numbers: row number of every row of ``columns``.
            columns: Arrow string arrays of one length.
            ragged: row number and text of the rows of wrong length.

        Raises:
            FileRefused: rows lie inside a quote that is not closed.
        """
        rows = [number for number, text in ragged if self._seems_to_swallow(text)]
        for column in columns:
            data = column.buffers()[2]
            if data is None or b"\n" not in data.to_pybytes():
                continue
            broken = pc.indices_nonzero(pc.match_substring(column, "\n")).to_pylist()
            texts = column.take(broken).to_pylist()
            rows += [
                int(numbers[i])
                for i, text in zip(broken, texts, strict=True)
                if self._seems_to_swallow(text)
            ]
        if rows and not self._are_paired:
            raise FileRefused("FILE_UNREADABLE", _UNPAIRED.format(row=min(rows)))

    def _seems_to_swallow(self, text: str) -> bool:
        lines = text.split("\n")[1:]
        return any(line.count(self.delimiter) == self.width - 1 for line in lines)

    @cached_property
    def _are_paired(self) -> bool:
        csv.field_size_limit(self.path.stat().st_size + 1)
        with self.path.open("rb") as data:
            data.seek(self.offset)
            lines = io.TextIOWrapper(data, "utf-8", "replace", newline="")
            rows = csv.reader(
                lines, delimiter=self.delimiter, quotechar=self.quote, strict=True
            )
            try:
                for _ in rows:
                    pass
            except csv.Error:
                return False
        return True
