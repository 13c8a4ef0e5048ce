"""How much names and villages go together: neighbours are likelier to be namesakes.

Names belong to families and peoples, and these live somewhere. Two strangers with one
name share the village more often than any two strangers do, so that an equal name and
an equal village together are worth less than one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cakupan.matching.people import Array, People

_PRIOR_PAIRS = 5.0
_MOST = 5.0


@dataclass(frozen=True, slots=True)
class Bonds:
    """Logs of how much likelier strangers share the village, 0 where not known.

    Attributes:
        whole: given that all tokens of their names are equal.
        token: given that one token is.
    """

    whole: float = 0.0
    token: float = 0.0


def measure_bonds(people: People) -> Bonds:
    """Measure the larger file; it is taken to hold a person once.

    In a search for duplicates namesakes of one village may be one person: no bonds.
    """
    names, village = people.names, people.fields.get("village_code")
    if people.is_dedupe or names is None or village is None or not len(names.rows):
        return Bonds()
    is_left = people.sizes[0] > people.sizes[1]
    name = names.left if is_left else names.right
    place = village.left if is_left else village.right
    born = people.fields.get("birth_date")
    day = np.full(len(name), -1, dtype=np.int64)
    if born is not None:
        day = (born.left if is_left else born.right).astype(np.int64)
    known = np.flatnonzero((name >= 0) & (place >= 0))
    name, place, day = name[known], place[known].astype(np.int64), day[known]
    tokens = names.rows[name]
    slots = tokens >= 0
    width = slots.sum(axis=1)
    return Bonds(
        _bond(names.sorted_key[name], place, day),
        _bond(
            tokens[slots].astype(np.int64),
            np.repeat(place, width),
            np.repeat(day, width),
        ),
    )


def _bond(value: Array, place: Array, day: Array) -> float:
    """Every person has the same say, however common the value.

    Two rows of one birth date may be one person entered twice, and do not count.
    """
    rows = len(value)
    places = np.bincount(place)
    by_chance = float((places * (places - 1.0)).sum()) / max(1.0, rows * (rows - 1.0))
    if rows < 2 or by_chance == 0:
        return 0.0
    of_value = np.bincount(value)
    same = float((of_value[of_value > 0] - 1.0).sum())
    same -= _others(of_value, value, day)
    together = _others(of_value, value, place) - _others(of_value, value, place, day)
    ratio = (together + _PRIOR_PAIRS) / (same * by_chance + _PRIOR_PAIRS)
    return float(np.clip(np.log(ratio), 0.0, _MOST))


def _others(of_value: Array, value: Array, *also: Array) -> float:
    """Others who share value and more, per person who has the value, summed."""
    key = value.astype(np.int64)
    present = np.ones(len(key), dtype=bool)
    for part in also:
        present &= part >= 0
        # codes anew, so that the next one fits beside them
        key = np.unique(key, return_inverse=True)[1] * (int(part.max(initial=0)) + 1)
        key = key + part
    key, value = key[present], value[present]
    _, first, count = np.unique(key, return_index=True, return_counts=True)
    return float((count * (count - 1.0) / of_value[value[first]]).sum())
