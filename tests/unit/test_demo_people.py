"""The synthetic population and its lists."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from cakupan.core import areas
from cakupan.demo import world
from cakupan.demo.people import desa_homes, people, pick, regencies, split, villages_of

MONTHS = tuple(2026 * 12 + month - 1 for month in (7, 8, 9))


@pytest.fixture(scope="module")
def small() -> world.World:
    return world.build(64, 0.1, MONTHS)


@pytest.mark.parametrize(
    "total, shares, parts",
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (0, [5, 5], [0, 0]),
        (7, [0, 7], [0, 7]),
        (3, [0, 0], [2, 1]),
        (1_000_003, [309_667, 806_964, 39_715], None),
    ],
)
def test_split_sums_to_the_whole(
    total: int, shares: list[int], parts: list[int] | None
) -> None:
    found = split(total, shares)
    assert sum(found) == total or not any(shares)
    if parts and any(shares):
        assert found == parts


def test_niks_have_their_form_and_are_distinct(small: world.World) -> None:
    niks = small.people.nik.tolist()
    assert len(set(niks)) == len(niks)
    for nik in niks:
        assert re.fullmatch(r"\d{16}", nik)
        assert areas.nik_prefix_known(nik[:6])
        assert 1 <= int(nik[6:8]) % 40 <= 31
        assert 1 <= int(nik[8:10]) <= 12
        assert nik[12:] != "0000"


def test_most_niks_tell_birth_date_and_sex(small: world.World) -> None:
    folk = small.people
    days = np.array([int(nik[6:8]) for nik in folk.nik.tolist()])
    as_stated = (days > 40) == folk.is_woman
    assert 0.98 < as_stated.mean() <= 1
    months = folk.birth.astype("M8[M]").astype(int) % 12 + 1
    same = months == np.array([int(nik[8:10]) for nik in folk.nik.tolist()])
    assert 0.98 < same.mean() <= 1


def test_some_niks_carry_retired_codes(small: world.World) -> None:
    prefixes = {nik[:4] for nik in small.people.nik.tolist()}
    assert "6404" in prefixes
    assert {"6402", "6472"} <= prefixes


def test_people_live_in_their_regency(small: world.World) -> None:
    codes = regencies()
    for regency, village in zip(
        small.people.regency.tolist(), small.people.village.tolist(), strict=True
    ):
        assert village.startswith(codes[regency])
        assert areas.is_known(village)


def test_apparatus_sits_in_desa_only() -> None:
    regency, village, rank = desa_homes([20, 0, 5, 0, 0, 0, 3, 0, 0, 0])
    assert Counter(regency.tolist()) == {0: 20, 2: 5, 6: 3}
    assert {areas.village_kind(code) for code in village.tolist()} == {"desa"}
    assert rank.max() == 0


def test_taken_niks_are_not_given_again() -> None:
    village = np.full(50, "64.02.01.2003")
    first = people(
        np.random.default_rng(1), np.zeros(50, int), village, np.empty(0, "U16")
    )
    again = people(np.random.default_rng(1), np.zeros(50, int), village, first.nik)
    assert not set(first.nik.tolist()) & set(again.nik.tolist())


def test_a_list_never_holds_a_person_twice(small: world.World) -> None:
    for entries in small.registries.values():
        for month in MONTHS:
            for index in range(len(regencies())):
                who = entries.at(month, index).person.tolist()
                assert len(set(who)) == len(who)


def test_lists_change_from_month_to_month(small: world.World) -> None:
    entries = small.registries["pekerja_rentan"]
    by_month = [
        {p for i in range(10) for p in entries.at(month, i).person.tolist()}
        for month in MONTHS
    ]
    assert by_month[1] - by_month[0]
    assert by_month[0] - by_month[2]
    assert len(by_month[0] & by_month[2]) > 0.9 * len(by_month[0])


def test_payments_age_as_months_pass(small: world.World) -> None:
    states = []
    for month in MONTHS:
        members, _, paid = small.memberships.at(month)
        assert (paid >= members.start).all()
        states.append(Counter(np.clip(month - paid, 0, 3).tolist()))
    for found in states:
        assert set(found) == {0, 1, 2, 3}  # paid up, grace 1 and 2, lapsed
        assert found[0] > 0.7 * sum(found.values())


def test_kpj_are_distinct(small: world.World) -> None:
    kpj = small.memberships.kpj().tolist()
    assert len(set(kpj)) == len(kpj)
    assert all(re.fullmatch(r"\d{11}", number) for number in kpj)


def test_pick_takes_from_what_is_there() -> None:
    values = villages_of("64.74")
    drawn = pick(np.random.default_rng(2), values, 30)
    assert set(drawn.tolist()) <= set(values.tolist())
