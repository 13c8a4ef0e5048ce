"""From evidence to probabilities and links, when a person has one partner at most."""

from __future__ import annotations

import numpy as np

from cakupan.matching.people import Array

_ROUNDS = 25
_MOST = 1e30
_NO_RIVAL = 1e-7
_SETTLED = 1e-9


def match_chances(left: Array, right: Array, odds: Array) -> Array:
    """Probability of each pair when nobody has two partners.

    Sum-product on the graph of candidate pairs: a pair competes with every other pair
    of both its persons, and these with theirs, so that two equally good partners leave
    none above one half, and a partner who fits somebody else better is no rival.

    Args:
        left: row of the left person of each pair.
        right: row of the right person.
        odds: prior odds times likelihood ratio, of the pair on its own.
    """
    odds = np.clip(odds, 0.0, _MOST)
    chance = odds / (1.0 + odds)
    rival = np.flatnonzero(odds > _NO_RIVAL)
    if len(rival):
        chance[rival] = _free_and_together(left[rival], right[rival], odds[rival])
    return np.asarray(chance)


def _free_and_together(left: Array, right: Array, odds: Array) -> Array:
    by_left, by_right = _Groups(left), _Groups(right)
    to_right = np.full(len(odds), 0.5)  # chance that the left one is free for the pair
    to_left = np.full(len(odds), 0.5)
    for _ in range(_ROUNDS):
        before = to_left
        to_right = 1.0 / (1.0 + by_left.others(odds * to_left))
        to_left = 1.0 / (1.0 + by_right.others(odds * to_right))
        if np.abs(to_left - before).max() < _SETTLED:
            break
    together = odds * to_right * to_left
    return np.asarray(together / (1.0 + together))


class _Groups:
    """Rows by group, for sums over the other rows of a group."""

    def __init__(self, group: Array) -> None:
        self.order = np.argsort(group, kind="stable")
        ordered = group[self.order]
        self.starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        self.sizes = np.diff(np.r_[self.starts, len(group)])

    def others(self, value: Array) -> Array:
        """Sum of the group without the row itself, without losing small parts."""
        ordered = value[self.order]
        total = np.repeat(np.add.reduceat(ordered, self.starts), self.sizes)
        largest = np.repeat(np.maximum.reduceat(ordered, self.starts), self.sizes)
        # what is left of the largest value of a group is added up anew
        first = np.zeros(len(value), dtype=bool)
        at_most = np.flatnonzero(ordered == largest)
        owner = np.repeat(np.arange(len(self.sizes)), self.sizes)[at_most]
        first[at_most[np.r_[True, owner[1:] != owner[:-1]]]] = True
        small = np.where(first, 0.0, ordered)
        rest = np.repeat(np.add.reduceat(small, self.starts), self.sizes)
        found = np.empty(len(value))
        found[self.order] = np.where(first, rest, np.maximum(total - ordered, 0.0))
        return found


def one_to_one(left: Array, right: Array, chance: Array, threshold: float) -> Array:
    """Positions of the pairs to link: best first, nobody twice, ties by row."""
    chosen = np.flatnonzero(chance >= threshold)
    order = chosen[np.lexsort((right[chosen], left[chosen], -chance[chosen]))]
    used_left: set[int] = set()
    used_right: set[int] = set()
    kept = []
    for place, a, b in zip(
        order.tolist(), left[order].tolist(), right[order].tolist(), strict=True
    ):
        if a not in used_left and b not in used_right:
            used_left.add(a)
            used_right.add(b)
            kept.append(place)
    return np.array(sorted(kept), dtype=np.int64)
