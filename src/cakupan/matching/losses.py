"""Values of a file that could not be compared: none there, unusable, or damaged."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cakupan.matching.people import Array
from cakupan.matching.values import ROUNDED, ROUNDED_FIELDS


def losses(name: str, side: str, texts: pa.ChunkedArray, codes: Array) -> list[str]:
    """What the reader should know about the values of a field; never a value.

    Args:
        name: of the field.
        side: how the file is called.
        texts: the column as it was read, NULL where a cell is empty.
        codes: of the same rows, -1 where there was nothing to compare.
    """
    notes = []
    lost = texts.filter(pa.array(codes < 0)).drop_null()
    damaged = _rounded(lost) if name in ROUNDED_FIELDS else 0
    if damaged:
        notes.append(
            f"{name}: {damaged} values of {side} are damaged by a spreadsheet "
            "(6.4E+15) and were not compared; make the column text and export it again"
        )
    if not np.any(codes >= 0) and len(lost) == damaged == 0:
        notes.append(f"{name}: empty in {side}")
    elif not np.any(codes >= 0) and len(lost) > damaged:
        notes.append(f"{name}: no usable value in {side}")
    return notes


def _rounded(texts: pa.ChunkedArray) -> int:
    found = pc.match_substring_regex(texts, ROUNDED, ignore_case=True)
    return pc.sum(found).as_py() or 0
