"""Pairs of rows: drawn blindly, put together, and how likely they are one person."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from cakupan.matching.compare import Levels
from cakupan.matching.people import Array, People

SAMPLE = 250_000
_LEAST_FREE = 0.05


def persons(people: People, left: Array, right: Array) -> tuple[Array, Array]:
    """Per row of both files a number of the person, joining rows along the pairs."""
    first, second = people.sizes
    shift = 0 if people.is_dedupe else first
    size = first + (0 if people.is_dedupe else second)
    graph = coo_matrix((np.ones(len(left)), (left, right + shift)), (size, size))
    person = connected_components(graph, directed=False)[1]
    return person[:first], person[shift:]


def random_pairs(random: np.random.Generator, people: People) -> tuple[Array, Array]:
    """Pairs of rows drawn blindly: hardly any is one person."""
    left_size, right_size = people.sizes
    size = min(SAMPLE, left_size * right_size)
    left = random.integers(0, left_size, size)
    right = random.integers(0, right_size, size)
    apart = (left != right) | (not people.is_dedupe)
    return left[apart], right[apart]


def log_prior(people: People, sizes: tuple[int, int], share: float) -> float:
    """Log prior odds of a pair; ``share`` of the smaller file has a partner."""
    left, right = sizes
    share = min(max(share, min(1e-4, 1 / max(1, min(left, right)))), 1 - 1e-4)
    if people.is_dedupe:
        return float(np.log(share * left / max(1.0, left * (left - 1) / 2)))
    found = share * min(left, right)
    free_left = max(left - found, _LEAST_FREE * left, 1.0)
    free_right = max(right - found, _LEAST_FREE * right, 1.0)
    return float(np.log(found / (free_left * free_right)))


def joined(first: Levels, second: Levels) -> Levels:
    """Compared pairs one after the other."""
    name = None
    if first.name is not None and second.name is not None:
        name = type(first.name)(
            *(
                np.concatenate([getattr(first.name, item), getattr(second.name, item)])
                for item in type(first.name).__slots__
            )
        )
    return Levels(
        np.r_[first.left, second.left],
        np.r_[first.right, second.right],
        {
            field: np.r_[first.fields[field], second.fields[field]]
            for field in first.fields
        },
        name,
    )
