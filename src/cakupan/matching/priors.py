"""What is known of pairs of one person before a file is seen, and what can never be.

Without limits, a file that holds hardly anybody twice makes namesakes the class of one
person: many pairs share a name, and their birth dates are then learned to differ.
"""

from __future__ import annotations

import numpy as np

from cakupan.matching.compare import LEVELS
from cakupan.matching.compare_names import UNLIKE
from cakupan.matching.people import Array

START: dict[str, tuple[float, ...]] = {
    "nik": (0.80, 0.10, 0.02, 0.08),
    "kpj": (0.90, 0.04, 0.01, 0.05),
    "phone": (0.70, 0.04, 0.01, 0.25),
    "birth_date": (0.84, 0.02, 0.06, 0.02, 0.03, 0.02, 0.01),
    "sex": (0.98, 0.02),
    "village_code": (0.80, 0.04, 0.06, 0.10),
    "regency_code": (0.90, 0.10),
    "address": (0.55, 0.15, 0.12, 0.08, 0.10),
}
"""Chances of the levels 1, 2, … of each field in pairs of one person, before learning."""

TOKEN_START = (0.80, 0.10, 0.03, 0.02, 0.05)
EXTRA_START = (0.90, 0.08, 0.02)
CROSSED_START = (0.97, 0.03)
PRIOR_WEIGHT = 30.0
MOST = {
    "birth_date": ((1, 0.2), (LEVELS["birth_date"].index("two_parts_equal") - 1, 0.1)),
    "token": ((UNLIKE, 0.2),),
    "extra": ((1, 0.2),),
}
"""What levels from one on may make up together. The most damaged files measured (FEBRL,
the heavy cases of ``make bench-linkage``) have 0.10 and 0.07 for birth dates, 0.12 for
words of the name, 0.07 for words left over."""
_ROUNDING = 1e-6


def held(field: str, count: Array) -> Array:
    """Counts of levels as shares, within :data:`MOST`."""
    share = count / count.sum()
    for first, most in MOST.get(field, ()):
        other = float(share[first:].sum())
        if other > most:
            share[:first] *= (1 - most) / (1 - other)
            share[first:] *= most / other
    return np.asarray(share)


def is_held(learned: dict[str, Array]) -> bool:
    """Whether shares of levels, by the names of :data:`MOST`, came up against it."""
    return any(
        float(learned[field][first:].sum()) > most - _ROUNDING
        for field, limits in MOST.items()
        for first, most in limits
        if field in learned
    )
