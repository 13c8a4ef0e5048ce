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
    by_left = _Groups(np.unique(left, return_inverse=True)[1])
    by_right = _Groups(np.unique(right, return_inverse=True)[1])
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
        self.size = int(group.max()) + 1
        self.group = group

    def others(self, value: Array) -> Array:
        """Sum of the group without the row itself, without losing small parts."""
        total = np.bincount(self.group, value, self.size)[self.group]
        # what is left of the value that outweighs its group is added up anew
        outweighs = value > total / 2
        small = np.where(outweighs, 0.0, value)
        rest = np.bincount(self.group, small, self.size)[self.group]
        return np.where(outweighs, rest, total - value)


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
