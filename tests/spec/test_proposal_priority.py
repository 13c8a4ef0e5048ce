"""Whom a budget covers: order, money and what never happens."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cakupan.core.errors import ConfigurationError, UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.resources import include
from cakupan.rosters.choice import Candidate, choose
from cakupan.rosters.costs import period_cost
from cakupan.rosters.priority import Priority, load_priority, priority_of

RAW: Mapping[str, Any] = yaml.safe_load(
    include("reference", "priority.yml").read_text("utf-8")
)
SHIPPED = load_priority("64")
OCTOBER = CoverageMonth(2026, 10)


def candidate(number: int, **values: Any) -> Candidate:
    """A person who has not been insured yet."""
    return Candidate(
        **{
            "person_id": uuid.UUID(int=number + 1),
            "area_code": "64.02",
            "village_code": None,
            "occupation": "buruh",
            "age_years": 40,
            "since": dt.date(2026, 1, 1),
            "state": "not_enrolled",
            "sector_class": "other",
            "is_reaching_age_limit": False,
            "registration_status": "terverifikasi",
        }
        | values
    )


def order(people: list[Candidate], priority: Priority = SHIPPED) -> list[int]:
    """Numbers of the people in the order they are covered."""
    found = choose(people, {"other": 1, "transport": 1}, len(people), priority)
    return [one.candidate.person_id.int - 1 for one in found.covered]


# given: two people; expected: the first one comes first, by the shipped order
FIRST_OF_TWO: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("two months unpaid before one", {"state": "grace_2"}, {"state": "grace_1"}),
    ("in grace before lapsed", {"state": "grace_1"}, {"state": "lapsed"}),
    ("lapsed before never insured", {"state": "lapsed"}, {}),
    ("state before profession", {"state": "lapsed"}, {"occupation": "nelayan"}),
    ("named profession first", {"occupation": "Nelayan Kecil"}, {"age_years": 64}),
    ("a word, not a part of one", {"occupation": "petani"}, {"occupation": "tanian"}),
    ("older first", {"age_years": 60}, {"age_years": 59}),
    ("age before start", {"age_years": 41}, {"since": dt.date(2020, 1, 1)}),
    ("known age before unknown", {"age_years": 18}, {"age_years": None}),
    ("earlier start first", {"since": dt.date(2025, 1, 1)}, {}),
    ("known start before unknown", {}, {"since": None}),
    ("all equal: the pseudonym", {}, {}),
]


@pytest.mark.parametrize(
    ("first", "second"),
    [case[1:] for case in FIRST_OF_TWO],
    ids=[case[0] for case in FIRST_OF_TWO],
)
def test_who_comes_first(first: dict[str, Any], second: dict[str, Any]) -> None:
    people = [candidate(0, **first), candidate(1, **second)]
    assert order(people) == order(people[::-1]) == [0, 1]


@pytest.mark.parametrize(
    ("changed", "first", "second"),
    [
        ({"age": "youngest_first"}, {"age_years": 20}, {"age_years": 60}),
        ({"since": "latest_first"}, {"since": dt.date(2026, 9, 1)}, {}),
        ({"order": ["age"]}, {"age_years": 60}, {"state": "grace_2"}),
        ({"states": ["not_enrolled", "lapsed"]}, {}, {"state": "lapsed"}),
        ({"professions": {}}, {"age_years": 41}, {"occupation": "nelayan"}),
    ],
)
def test_the_order_is_configuration(
    changed: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
) -> None:
    priority = priority_of({**RAW, **changed}, "64")
    people = [candidate(1, **second), candidate(0, **first)]
    assert order(people, priority) == [0, 1]


@pytest.mark.parametrize(
    "changed",
    [
        {"order": []},
        {"order": ["state", "state"]},
        {"order": ["name"]},
        {"states": ["active"]},
        {"age": "eldest"},
        {"other_group": None},
    ],
)
def test_an_order_that_is_not_known_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="PRIORITY_INVALID"):
        priority_of({**RAW, **changed}, "64")


def test_the_order_is_told_as_it_is() -> None:
    told = SHIPPED.as_text()
    assert [text.split(":")[0] for text in told[:1]] == ["keadaan"]
    assert "Nomor 19 Tahun 2023" in told[1]
    assert told[2] == "umur: tertua"
    assert len(told) == len(SHIPPED.order) + 1


# --- money ----------------------------------------------------------------------------

# payer, first month, months: rupiah of one person (other sector, transport)
COSTS = [
    ("apbd_kab", "2026-10", 12, 201_600, 201_600),
    ("apbd_prov", "2026-11", 1, 16_800, 16_800),
    ("apbd_kab", "2027-01", 3, 50_400, 50_400),
    # the half rate ends within the period, in another month for each sector
    ("csr", "2026-12", 2, 8_400 + 16_800, 8_400 * 2),
    ("csr", "2027-03", 2, 16_800 * 2, 8_400 + 16_800),
]


@pytest.mark.parametrize(("payer", "start", "months", "other", "transport"), COSTS)
def test_a_period_costs_the_rate_of_each_month(
    payer: str, start: str, months: int, other: int, transport: int
) -> None:
    found = period_cost(payer, CoverageMonth.parse(start), months)
    assert dict(found.by_class) == {"other": other, "transport": transport}
    assert len(found.months) == months
    assert sum(one.by_class["other"] for one in found.months) == other


@pytest.mark.parametrize("payer", ["mandiri", "perusahaan", "campuran", "siapa"])
def test_a_payer_pays_for_others(payer: str) -> None:
    with pytest.raises(UsageError, match="PAYER_INVALID"):
        period_cost(payer, OCTOBER, 1)


@pytest.mark.parametrize(
    ("people", "budget", "covered", "total", "left", "behind", "behind_rupiah"),
    [
        (5_000, 1_008_000_000, 5_000, 1_008_000_000, 0, 0, 0),
        (15_001, 3_024_000_000, 15_000, 3_024_000_000, 0, 1, 201_600),
        (3, 201_599, 0, 0, 201_599, 3, 604_800),
        (3, 403_300, 2, 403_200, 100, 1, 201_600),
        (0, 1_000_000, 0, 0, 1_000_000, 0, 0),
        (2, 0, 0, 0, 0, 2, 403_200),
    ],
)
def test_a_year_of_public_money(
    people: int,
    budget: int,
    covered: int,
    total: int,
    left: int,
    behind: int,
    behind_rupiah: int,
) -> None:
    cost = period_cost("apbd_kab", OCTOBER, 12).by_class
    found = choose(map(candidate, range(people)), cost, budget, SHIPPED)
    assert len(found.covered) == covered
    assert (found.total_rupiah, found.left_rupiah) == (total, left)
    assert (found.uncovered_count, found.uncovered_rupiah) == (behind, behind_rupiah)


def test_nobody_is_passed_over_for_a_cheaper_one() -> None:
    people = [
        candidate(0, age_years=60),
        candidate(1, age_years=50, sector_class="transport"),
    ]
    found = choose(people, {"other": 200, "transport": 100}, 150, SHIPPED)
    assert found.covered == ()
    assert (found.uncovered_count, found.uncovered_rupiah) == (2, 300)


PEOPLE = st.lists(
    st.builds(
        candidate,
        st.integers(0, 10_000),
        state=st.sampled_from(sorted(SHIPPED.states)),
        age_years=st.none() | st.integers(18, 64),
        since=st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2026, 9, 30)),
        sector_class=st.sampled_from(["other", "transport"]),
        occupation=st.sampled_from([None, "nelayan", "sopir", "buruh"]),
    ),
    max_size=12,
    unique_by=lambda one: one.person_id,
)


@given(PEOPLE, st.integers(0, 3_000_000), st.integers(0, 1_000_000), st.randoms())
def test_what_always_holds(
    people: list[Candidate], budget: int, more: int, shuffler: Any
) -> None:
    cost = period_cost("csr", CoverageMonth(2026, 12), 4).by_class
    found = choose(people, cost, budget, SHIPPED)
    assert found.total_rupiah <= budget
    assert found.total_rupiah + found.left_rupiah == budget
    assert len(found.covered) + found.uncovered_count == len(people)
    whole = sum(cost[one.sector_class] for one in people)
    assert found.total_rupiah + found.uncovered_rupiah == whole
    richer = choose(people, cost, budget + more, SHIPPED)
    assert richer.covered[: len(found.covered)] == found.covered
    shuffled = people[:]
    shuffler.shuffle(shuffled)
    assert choose(shuffled, cost, budget, SHIPPED) == found
