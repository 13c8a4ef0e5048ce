"""Probabilities when nobody has two partners."""

from __future__ import annotations

import numpy as np
import pytest

from cakupan.matching.assign import match_chances, one_to_one


def chances(*pairs: tuple[int, int, float]) -> list[float]:
    left, right, odds = (np.array(column) for column in zip(*pairs, strict=True))
    return [round(float(p), 3) for p in match_chances(left, right, odds)]


def test_a_pair_alone_has_its_own_odds() -> None:
    assert chances((0, 0, 3.0)) == [0.75]


def test_two_equally_good_partners_leave_none_above_one_half() -> None:
    assert chances((0, 0, 1e9), (0, 1, 1e9)) == [0.5, 0.5]


def test_a_partner_who_fits_somebody_else_better_is_no_rival() -> None:
    alone, rival, taken = chances((0, 0, 100.0), (0, 1, 50.0), (1, 1, 1e12))
    assert taken == 1.0
    assert rival < 0.01
    assert alone == pytest.approx(0.99, abs=0.001)


def test_exact_on_a_small_graph() -> None:
    # matchings of the path 0-0, 0-1, 1-1: none, three single, and {0-0, 1-1}
    a, b, c = 2.0, 3.0, 5.0
    total = 1 + a + b + c + a * c
    assert chances((0, 0, a), (0, 1, b), (1, 1, c)) == [
        round((a + a * c) / total, 3),
        round(b / total, 3),
        round((c + a * c) / total, 3),
    ]


def test_huge_and_tiny_odds_do_not_break() -> None:
    found = chances((0, 0, 1e300), (0, 1, 1e-300), (1, 1, 0.0))
    assert found == [1.0, 0.0, 0.0]


def test_the_best_pair_goes_first_and_ties_by_row() -> None:
    left, right = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1])
    chance = np.array([0.6, 0.9, 0.9, 0.3])
    assert one_to_one(left, right, chance, 0.5).tolist() == [1]
    assert one_to_one(left, right, np.array([0.9, 0.6, 0.6, 0.3]), 0.5).tolist() == [
        0,
        2,
    ]
