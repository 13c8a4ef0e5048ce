"""How common values are: what an agreement is worth depends on it (term frequency)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cakupan.matching.compare import is_default_day
from cakupan.matching.people import NAME_WIDTH, Array, Names, People

_DEFAULT_DAY = np.float32(np.log(2))  # twice as common as counted
_LEAST_UNSEEN, _MOST_UNSEEN, _ENOUGH = 0.02, 0.5, 50


@dataclass(frozen=True, slots=True)
class Shares:
    """Log shares of rows.

    Attributes:
        fields: per field and value, log of the chance that another person has it.
        tokens: per name token, log of the share of rows that hold it.
        whole: per distinct name, log of the chance that another person has its tokens.
        damping: how much rarer names look when their tokens are taken as independent
            (below 1: they are less rare than that).
    """

    fields: dict[str, Array]
    tokens: Array
    whole: Array
    damping: float


def measure(people: People, persons: tuple[Array, Array] | None = None) -> Shares:
    """Measure both files.

    Args:
        people: both files.
        persons: per row of the left and of the right file, the person it is of, as far
            as known; a person counts once per value. None: every row is a person.
    """
    left, right = persons or (
        np.arange(people.sizes[0]),
        np.arange(people.sizes[1]) + (0 if people.is_dedupe else people.sizes[0]),
    )
    who = left if people.is_dedupe else np.r_[left, right]
    fields = {
        name: np.log(_chance(who, _both(people, field.left, field.right),
                             len(field.vocabulary))).astype(np.float32)
        for name, field in people.fields.items()
    }  # fmt: skip
    if "birth_date" in fields:
        fields["birth_date"] += _DEFAULT_DAY * _is_default(people)
    names = people.names
    if names is None or not len(names.rows):
        return Shares(fields, np.zeros(0), np.zeros(0), 1.0)
    of_row = _both(people, names.left, names.right)
    present = of_row >= 0
    keys = np.where(present, names.sorted_key[of_row], -1)
    whole = np.log(_chance(who, keys, int(names.sorted_key.max()) + 1))
    whole = whole[names.sorted_key].astype(np.float32)
    tokens = np.where(present[:, None], names.rows[of_row], -1).ravel()
    chance = _chance(np.repeat(who, NAME_WIDTH), tokens, len(names.tokens))
    log_tokens = np.log(chance).astype(np.float32)
    return Shares(fields, log_tokens, whole, _damping(names, log_tokens, whole))


def _is_default(people: People) -> Array:
    """Per birth date whether it often stands for "not known"."""
    dates = people.fields["birth_date"].vocabulary
    numbers = np.array([int(text) for text in dates], dtype=np.int64)
    return is_default_day(numbers // 100 % 100, numbers % 100).astype(np.float32)


def _both(people: People, left: Array, right: Array) -> Array:
    return left if people.is_dedupe else np.r_[left, right]


def _chance(who: Array, codes: Array, values: int) -> Array:
    """Chance that another person has the value, from how many persons have it.

    A person is no evidence for how common the own value is. One seen once is worth
    what values seen once are expected to occur again (Good and Turing).
    """
    present = codes >= 0
    who, codes = who[present].astype(np.int64), codes[present].astype(np.int64)
    total = int(np.count_nonzero(np.bincount(who)))
    keys = who * max(values, 1) + codes
    keys.sort()
    distinct = keys[np.r_[True, keys[1:] != keys[:-1]]] if len(keys) else keys
    count = np.bincount(distinct % max(values, 1), minlength=values)
    once, twice = int((count == 1).sum()), int((count == 2).sum())
    unseen = _MOST_UNSEEN
    if once >= _ENOUGH:
        unseen = float(np.clip(2 * twice / once, _LEAST_UNSEEN, _MOST_UNSEEN))
    chance: Array = (np.maximum(count - 1, 0) + unseen) / max(total, 1)
    return np.clip(chance, 1e-12, 1.0)


def _damping(names: Names, tokens: Array, whole: Array) -> float:
    wide = (names.rows >= 0).sum(axis=1)
    several = np.flatnonzero(wide >= 2)
    if len(several) < 50:
        return 1.0
    rows = names.rows[several]
    apart = np.where(rows >= 0, tokens[rows], 0).sum(axis=1)
    weight = np.exp(whole[several])
    ratio = float((weight * whole[several]).sum() / (weight * apart).sum())
    return float(np.clip(ratio, 0.5, 1.0))
