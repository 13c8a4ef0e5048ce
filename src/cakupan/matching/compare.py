"""How much two persons agree: one small number (level) per field and pair.

Level 0 is always "one of the two is missing" and carries no evidence, 1 is "equal", the
highest is "different". The levels of a name are counted per pair of tokens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from cakupan.matching.compare_names import (
    NameLevels,
    compare_names,
    distinct_pairs,
    pairwise,
)
from cakupan.matching.people import Array, Field, People

LEVELS: dict[str, tuple[str, ...]] = {
    "nik": ("missing", "equal", "one_edit", "two_edits", "different"),
    "kpj": ("missing", "equal", "one_edit", "two_edits", "different"),
    "phone": ("missing", "equal", "one_edit", "two_edits", "different"),
    "birth_date": (
        "missing",
        "equal",
        "day_month_swapped",
        "one_edit",
        "day_unknown",
        "two_parts_equal",
        "year_equal",
        "different",
    ),
    "sex": ("missing", "equal", "different"),
    "village_code": ("missing", "equal", "one_edit", "same_district", "different"),
    "regency_code": ("missing", "equal", "different"),
    "address": ("missing", "equal", "very_close", "close", "similar", "different"),
}


@dataclass(frozen=True, slots=True)
class Levels:
    """Pairs compared.

    Attributes:
        left: row of the left person.
        right: row of the right person.
        fields: level per pair, by field.
        name: None where names cannot be compared.
    """

    left: Array
    right: Array
    fields: dict[str, Array]
    name: NameLevels | None

    def __len__(self) -> int:
        return len(self.left)

    def take(self, chosen: Array) -> Levels:
        """Some of the pairs, by mask or position."""
        name = self.name
        return Levels(
            self.left[chosen],
            self.right[chosen],
            {field: levels[chosen] for field, levels in self.fields.items()},
            None
            if name is None
            else NameLevels(
                name.counts[chosen],
                name.extra[chosen],
                name.crossed[chosen],
                name.equal_log_share[chosen],
                name.rarest_log_share[chosen],
                name.is_whole[chosen],
            ),
        )


def compare(
    people: People, left: Array, right: Array, log_shares: Array, threads: int
) -> Levels:
    """Compare pairs of rows.

    Args:
        people: both files.
        left: rows of the left file.
        right: rows of the right file, of equal length.
        log_shares: per name token, log of the share of rows that hold it.
        threads: of the string comparisons.
    """
    fields = {
        name: _COMPARE[name](field, field.left[left], field.right[right], threads)
        for name, field in people.fields.items()
    }
    if {"regency_code", "village_code"} <= fields.keys():
        # the village says it all
        fields["regency_code"][fields["village_code"] > 0] = 0
    name = None
    if people.names is not None:
        name = compare_names(people.names, left, right, log_shares, threads)
    return Levels(left, right, fields, name)


def _by_value(
    field: Field,
    left: Array,
    right: Array,
    different: int,
    score: Callable[[Array, Array], Array],
) -> Array:
    """Levels of one field; ``score`` sees only codes of values that are not equal."""
    levels = np.full(len(left), different, dtype=np.uint8)
    levels[left == right] = 1
    levels[(left < 0) | (right < 0)] = 0
    rest = np.flatnonzero(levels == different)
    if len(rest):
        levels[rest] = distinct_pairs(left[rest], right[rest], score)
    return levels


def _numbers(field: Field, left: Array, right: Array, threads: int) -> Array:
    vocabulary = field.vocabulary

    def score(a: Array, b: Array) -> Array:
        edits = pairwise(OSA.distance, vocabulary[a], vocabulary[b], threads)
        return np.select([edits <= 1, edits <= 2], [2, 3], 4)

    levels = _by_value(field, left, right, 4, score)
    if field.is_rounded:  # the lost digit may be another edit
        levels = np.where(levels > 0, np.minimum(levels + 1, 4), 0).astype(np.uint8)
    return levels


def _places(field: Field, left: Array, right: Array, threads: int) -> Array:
    vocabulary = field.vocabulary
    heads = [text[: max(2, len(text) * 3 // 5)] for text in vocabulary]
    head = np.unique(np.array(heads, dtype=object), return_inverse=True)[1]

    def score(a: Array, b: Array) -> Array:
        edits = pairwise(OSA.distance, vocabulary[a], vocabulary[b], threads)
        return np.select([edits <= 1, head[a] == head[b]], [2, 3], 4)

    return _by_value(field, left, right, 4, score)


def _addresses(field: Field, left: Array, right: Array, threads: int) -> Array:
    vocabulary = field.vocabulary

    def score(a: Array, b: Array) -> Array:
        first, second = vocabulary[a], vocabulary[b]
        plain = pairwise(fuzz.ratio, first, second, threads)
        sorted_ = pairwise(fuzz.token_sort_ratio, first, second, threads)
        ratio = np.maximum(plain, sorted_)
        return np.select([ratio >= 90, ratio >= 75, ratio >= 58], [2, 3, 4], 5)

    return _by_value(field, left, right, 5, score)


def _equal_or_not(field: Field, left: Array, right: Array, threads: int) -> Array:
    del field, threads
    levels = np.where(left == right, 1, 2).astype(np.uint8)
    levels[(left < 0) | (right < 0)] = 0
    return levels


def _birth_dates(field: Field, left: Array, right: Array, threads: int) -> Array:
    del threads
    digits = np.array(
        [[ord(digit) - 48 for digit in text] for text in field.vocabulary],
        dtype=np.int16,
    ).reshape(-1, 8)

    def score(a: Array, b: Array) -> Array:
        return _date_levels(digits[a], digits[b])

    levels = np.full(len(left), 7, dtype=np.uint8)
    levels[left == right] = 1
    levels[(left < 0) | (right < 0)] = 0
    rest = np.flatnonzero(levels == 7)
    if len(rest):
        levels[rest] = distinct_pairs(left[rest], right[rest], score)
    return levels


def _date_parts(digits: Array) -> tuple[Array, Array, Array]:
    year = digits[:, :4] @ np.array([1000, 100, 10, 1])
    return year, digits[:, 4] * 10 + digits[:, 5], digits[:, 6] * 10 + digits[:, 7]


def is_default_day(month: Array, day: Array) -> Array:
    """Days that often stand for "not known": 1 January, 1 July, 31 December, none."""
    first = (day == 1) & ((month == 1) | (month == 7))
    return np.asarray(first | ((day == 31) & (month == 12)) | (day == 0))


def _date_levels(a: Array, b: Array) -> Array:
    year_a, month_a, day_a = _date_parts(a)
    year_b, month_b, day_b = _date_parts(b)
    year, month, day = year_a == year_b, month_a == month_b, day_a == day_b
    swapped = year & (month_a == day_b) & (day_a == month_b)
    differs = a != b
    count = differs.sum(axis=1)
    first = differs.argmax(axis=1).clip(0, 6)
    row = np.arange(len(a))
    transposed = (
        (count == 2)
        & (a[row, first] == b[row, first + 1])
        & (a[row, first + 1] == b[row, first])
    )
    unknown = year & (is_default_day(month_a, day_a) | is_default_day(month_b, day_b))
    two = year.astype(int) + month + day == 2
    return np.select(
        [swapped, unknown, (count == 1) | transposed, two, year], [2, 4, 3, 5, 6], 7
    ).astype(np.uint8)


_COMPARE: dict[str, Callable[[Field, Array, Array, int], Array]] = {
    "nik": _numbers,
    "kpj": _numbers,
    "phone": _numbers,
    "birth_date": _birth_dates,
    "sex": _equal_or_not,
    "village_code": _places,
    "regency_code": _equal_or_not,
    "address": _addresses,
}
