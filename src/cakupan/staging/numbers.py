"""Numbers as the digits they stand for."""

from __future__ import annotations

import math
from decimal import Decimal


def number_text(value: float) -> str:
    """A number as plain decimal digits, never in scientific notation.

    A whole number becomes its digits, another number the shortest decimal form that
    reads back as the same float.
    """
    if not math.isfinite(value):
        return str(value)
    if float(value).is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f")
