"""How much two names agree, token by token in the best alignment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from cakupan.matching.people import NAME_WIDTH, Array, Names

EQUAL, CLOSE, FAIR, INITIAL, UNLIKE = range(5)
TOKEN_LEVELS = ("equal", "close", "fair", "initial", "unlike")
_CHUNK = 250_000


@dataclass(frozen=True, slots=True)
class NameLevels:
    """The names of pairs, token by token.

    Attributes:
        counts: aligned tokens per level, shape (pairs, 5).
        extra: tokens one name has more than the other, 0 to 2.
        crossed: whether tokens that agree stand in another order.
        equal_log_share: sum of the log shares of rows that hold the equal tokens.
        rarest_log_share: log share of the rarest equal token, 0 when none is equal.
        is_whole: whether all tokens are equal and none is left over.
    """

    counts: Array
    extra: Array
    crossed: Array
    equal_log_share: Array
    rarest_log_share: Array
    is_whole: Array


def pairwise(scorer: Any, first: Array, second: Array, threads: int) -> Array:
    """Score two lists of texts place by place."""
    found: Array = process.cpdist(
        first, second, scorer=scorer, dtype=np.float32, workers=threads
    )
    return found


def distinct_pairs(
    first: Array, second: Array, score: Callable[[Array, Array], Array]
) -> Array:
    """Score distinct pairs of codes once, in either order the same."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    keys, place = np.unique(
        low.astype(np.int64) << 32 | high.astype(np.int64), return_inverse=True
    )
    found: Array = score(keys >> 32, keys & 0xFFFFFFFF)
    return np.asarray(found[place])


def compare_names(
    names: Names, left: Array, right: Array, log_shares: Array, threads: int
) -> NameLevels:
    """Compare the names of pairs of rows.

    Args:
        names: of both files.
        left: rows of the left file.
        right: rows of the right file, of equal length.
        log_shares: per token, log of the share of rows that hold it.
        threads: of the string comparisons.
    """
    first, second = names.left[left], names.right[right]
    found = _nothing(len(first))
    present = np.flatnonzero((first >= 0) & (second >= 0))
    if not len(present):
        return found
    tokens = (names.rows >= 0).sum(axis=1)
    # names of as many tokens together: no cell of the grid is empty
    shape = tokens[first[present]] * (NAME_WIDTH + 1) + tokens[second[present]]
    order = np.argsort(shape.astype(np.uint8), kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(shape[order]) != 0])
    for group in np.split(order, starts[1:]):
        for at in range(0, len(group), _CHUNK):
            some = present[group[at : at + _CHUNK]]
            chunk = _name_chunk(names, first[some], second[some], log_shares, threads)
            for item in NameLevels.__slots__:
                getattr(found, item)[some] = getattr(chunk, item)
    return found


def _nothing(rows: int) -> NameLevels:
    return NameLevels(
        np.zeros((rows, 5), dtype=np.uint8),
        np.zeros(rows, dtype=np.uint8),
        np.zeros(rows, dtype=bool),
        np.zeros(rows, dtype=np.float32),
        np.zeros(rows, dtype=np.float32),
        np.zeros(rows, dtype=bool),
    )


def _name_chunk(
    names: Names, first: Array, second: Array, log_shares: Array, threads: int
) -> NameLevels:
    """Compare names of which all left ones and all right ones have as many tokens."""
    rows = len(first)
    width_a = int((names.rows[first[0]] >= 0).sum())
    width_b = int((names.rows[second[0]] >= 0).sum())
    a, b = names.rows[first][:, :width_a], names.rows[second][:, :width_b]
    grid = _token_grid(names, a, b, threads)
    counts = np.zeros((rows, 5), dtype=np.uint8)
    shares = np.zeros(rows, dtype=np.float32)
    rarest = np.zeros(rows, dtype=np.float32)
    crossed = np.zeros(rows, dtype=bool)
    # nearness of places breaks ties, so that equal tokens pair up in order
    away = np.abs(np.arange(width_a)[:, None] - np.arange(width_b)[None, :])
    score = (_WORTH[grid] - 0.01 * away).astype(np.float32)
    score = score.reshape(rows, width_a * width_b)
    at = np.arange(rows)
    flat = grid.reshape(rows, width_a * width_b)
    cube = score.reshape(rows, width_a, width_b)
    for _ in range(min(width_a, width_b)):
        best = score.argmax(axis=1)
        level = flat[at, best]
        slot_a, slot_b = best // width_b, best % width_b
        counts[at, level] += 1
        equal = np.flatnonzero(level == EQUAL)
        share = log_shares[a[equal, slot_a[equal]]]
        shares[equal] += share
        rarest[equal] = np.minimum(rarest[equal], share)
        crossed |= (level <= CLOSE) & (slot_a != slot_b)
        cube[at, slot_a, :] = -100
        cube[at, :, slot_b] = -100
    extra = np.full(rows, abs(width_a - width_b))
    if width_a != width_b:
        _read_as_one_word(names, first, second, counts, extra, threads)
    crossed &= (extra == 0) & (counts.sum(axis=1) > 1)
    whole = (counts[:, EQUAL] == width_a) & (extra == 0)
    extra = extra.clip(0, 2).astype(np.uint8)
    return NameLevels(counts, extra, crossed, shares, rarest, whole)


_WORTH = np.array([4.0, 3.0, 2.0, 1.5, 0.0], dtype=np.float32)


def _token_grid(names: Names, a: Array, b: Array, threads: int) -> Array:
    """Level of every token of one name against every token of the other."""
    wide_a = np.broadcast_to(a[:, :, None], (*a.shape, b.shape[1]))
    wide_b = np.broadcast_to(b[:, None, :], (*a.shape, b.shape[1]))
    grid = np.full(wide_a.shape, UNLIKE, dtype=np.int8)
    grid[wide_a == wide_b] = EQUAL
    open_ = grid == UNLIKE
    if open_.any():
        tokens = names.tokens

        def score(x: Array, y: Array) -> Array:
            return _token_levels(tokens[x], tokens[y], threads)

        grid[open_] = distinct_pairs(wide_a[open_], wide_b[open_], score)
    return grid


def _lengths(texts: Array) -> Array:
    return np.fromiter(map(len, texts), np.int32, len(texts))


def _token_levels(a: Array, b: Array, threads: int) -> Array:
    length_a, length_b = _lengths(a), _lengths(b)
    shorter, longer = np.minimum(length_a, length_b), np.maximum(length_a, length_b)
    edits = pairwise(OSA.distance, a, b, threads)
    close = (edits <= 1) & (shorter >= 3)
    close |= (edits <= 2) & (shorter >= 8)
    fair = (edits <= 2) & (shorter >= 5)
    # one is cut short, or an initial: what is missing are the edits
    cut = np.flatnonzero((edits == longer - shorter) & (longer > shorter))
    starts = np.array(
        [
            x.startswith(y) or y.startswith(x)
            for x, y in zip(a[cut], b[cut], strict=True)
        ],
        dtype=bool,
    )
    fair[cut] |= starts & (shorter[cut] >= 3)
    initial = np.zeros(len(a), dtype=bool)
    initial[cut] = starts & (shorter[cut] == 1)
    alike = np.flatnonzero(~fair & (shorter >= 3) & (edits <= 0.45 * longer))
    fair[alike] = pairwise(JaroWinkler.similarity, a[alike], b[alike], threads) >= 0.87
    return np.select([close, initial, fair], [CLOSE, INITIAL, FAIR], UNLIKE).astype(
        np.int8
    )


def _read_as_one_word(
    names: Names,
    first: Array,
    second: Array,
    counts: Array,
    extra: Array,
    threads: int,
) -> None:
    """Names that differ only in where they are cut (Nur Hayati, Nurhayati) are close."""

    def score(x: Array, y: Array) -> Array:
        a, b = names.joined[x], names.joined[y]
        edits = pairwise(OSA.distance, a, b, threads)
        return (edits <= 1) & (np.minimum(_lengths(a), _lengths(b)) >= 6)

    same = np.flatnonzero(distinct_pairs(first, second, score))
    counts[same, CLOSE] += counts[same, FAIR] + counts[same, UNLIKE]
    counts[same, CLOSE] += counts[same, INITIAL]
    counts[same, FAIR] = counts[same, UNLIKE] = counts[same, INITIAL] = 0
    extra[same] = 0
