"""The figures about people a report may show, and what is known to hold between them.

An attacker knows the definitions as well as we do: which figures add up, which are parts
of others, that a province is the sum of its regencies where nobody is counted twice.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cakupan.report.disclosure import (
    Key,
    Quantity,
    Relation,
    at_most,
    protect,
    sum_at_least,
    total,
)
from cakupan.report.facts import (
    AMOUNTS,
    KEYS,
    NOT_PEOPLE,
    PEOPLE,
    SHOWS,
    Facts,
    Row,
    key_of,
    persons_of,
    rules,
    total_key,
    unit_of,
)

#: Figures about people a report shows, by table and place. A public edition hides
#: every figure about people that is not among them: nothing is shown unjudged.
SHOWN: tuple[tuple[str, str, Mapping[str, object], tuple[str, ...]], ...] = (
    (
        "monthly_coverage",
        "any",
        {"programme": "ANY"},
        ("active_count", "paid_up_count", "grace_count", "lapsed_count"),
    ),
    (
        "monthly_protection",
        "province",
        {},
        ("registered_count", "active_count"),
    ),
    ("monthly_discrepancies", "any", {}, ("person_count", "rupiah")),
    ("monthly_benefits", "any", {}, ("claim_count", "paid_rupiah")),
    ("monthly_early_warning", "any", {"worker_group": "ALL"}, ("person_count",)),
    ("monthly_early_warning", "province", {}, ("person_count",)),
    (
        "monthly_funding",
        "any",
        {"worker_group": "ALL", "payer": "ALL"},
        ("double_funded_count", *AMOUNTS),
    ),
    (
        "monthly_funding",
        "province",
        {"payer": "ALL"},
        ("double_funded_count", *AMOUNTS),
    ),
)

#: Sums over the payers of a group, of the province and each regency.
TOTALS = (
    "registered_count",
    "active_count",
    "lapsed_count",
    "unenrolled_count",
    "review_count",
    "probable_count",
)

#: Of them what the first page of a report leads with.
_HEADLINES = frozenset({"registered_count", "active_count"})

_PARTS = {
    "monthly_coverage": (("active_count", ("paid_up_count", "grace_count")),),
    "monthly_protection": (
        (
            "registered_count",
            ("active_count", "lapsed_count", "unenrolled_count", "review_count"),
        ),
    ),
}
_WITHIN = {
    "monthly_protection": (
        ("active_count", "registered_count"),
        ("probable_count", "active_count"),
    )
}


def public_edition(facts: Facts) -> Facts:
    """The facts with everything hidden that a public edition must not show."""
    quantities = quantities_of(facts)
    hidden = protect(
        quantities, relations_of(facts, quantities), rules()["small_cell_threshold"]
    )
    return replace(facts, visible=frozenset(quantities) - hidden)


def quantities_of(facts: Facts) -> dict[Key, Quantity]:
    """Every figure about people a report of this release can show."""
    found: dict[Key, Quantity] = {}
    for table, level, where, measures in SHOWN:
        for row in facts.rows(table, **where):
            if level == "province" and row["area_code"] != facts.province:
                continue
            if row.get("kind") in NOT_PEOPLE:
                continue
            for measure in measures:
                if row[measure] is not None:
                    is_whole = unit_of(measure) == "count"
                    value = row[measure] if is_whole else persons_of(row[measure])
                    found[key_of(table, row, measure)] = Quantity(
                        value,
                        is_whole,
                        _follows(table, row, measure),
                        is_headline=table == "monthly_coverage"
                        and measure == "active_count"
                        and row["area_code"] == facts.province,
                    )
    return found | _totals(facts) | dict(_of_two_kinds(found))


def _follows(table: str, row: Row, measure: str) -> int | None:
    """The count of the same row without which an amount may not be known."""
    counts = SHOWS.get((table, measure))
    return row[counts[0]] if counts else None


def _of_two_kinds(found: Mapping[Key, Quantity]) -> Iterator[tuple[Key, Quantity]]:
    """What is paid for who is ineligible for two reasons.

    It stands in each kind, once in funding, and by itself in no table.
    """
    for paid, kinds in _paid_for_the_ineligible(found):
        together = sum(found[key].value for key in kinds)
        if together - found[paid].value > _ROUNDING:
            yield (
                _both_key(paid),
                Quantity(
                    together - found[paid].value, is_whole=False, is_printed=False
                ),
            )


def _totals(facts: Facts) -> dict[Key, Quantity]:
    found: dict[Key, Quantity] = {}
    table = "monthly_protection"
    for parts in _payers(facts).values():
        for measure in TOTALS:
            if all(row[measure] is not None for row in parts):
                key = total_key(table, parts[0], measure)
                found[key] = Quantity(
                    sum(row[measure] for row in parts),
                    is_headline=measure in _HEADLINES and key[1] == facts.province,
                )
    return found


def relations_of(
    facts: Facts, quantities: Mapping[Key, Quantity]
) -> Iterator[Relation]:
    """What is known to hold between the figures of a release."""
    for table in PEOPLE:
        for row in facts.tables[table]:
            yield from _within_a_row(table, row)
    table = "monthly_protection"
    for parts in _payers(facts).values():
        for measure in TOTALS:
            whole = total_key(table, parts[0], measure)
            yield total(whole, [key_of(table, row, measure) for row in parts])
        yield from _within_a_row(table, {**parts[0], "payer": "ALL"})
    for table, place in _WHOLES:
        yield from _above(table, place, quantities)
    for table in PEOPLE:
        yield from _above(table, 1, quantities, whole=facts.province)
    yield from _across(quantities)
    for paid, kinds in _paid_for_the_ineligible(quantities):
        if (both := _both_key(paid)) in quantities:
            yield Relation(((1, paid), (1, both), *((-1, key) for key in kinds)))
        yield from _made_of(quantities, paid, kinds)
    yield from _amounts(facts, quantities)
    yield from _villages(facts, quantities)


#: Rows ALL beside the rows they are made of: place in the key.
_WHOLES = tuple(
    (table, 2 + KEYS[table].index(name))
    for table, name in (
        ("monthly_coverage", "segment"),
        ("monthly_early_warning", "worker_group"),
        ("monthly_benefits", "programme"),
        ("monthly_funding", "worker_group"),
    )
)


def _within_a_row(table: str, row: Any) -> Iterator[Relation]:
    for whole, parts in _PARTS.get(table, ()):
        yield total(
            key_of(table, row, whole), [key_of(table, row, part) for part in parts]
        )
    for small, large in _WITHIN.get(table, ()):
        yield at_most(key_of(table, row, small), key_of(table, row, large))


def _payers(facts: Facts) -> dict[tuple[str, str], list[Any]]:
    found: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in facts.tables["monthly_protection"]:
        found[row["area_code"], row["worker_group"]].append(row)
    return found


def _above(
    table: str, place: int, quantities: Mapping[Key, Quantity], whole: str = "ALL"
) -> Iterator[Relation]:
    parts: defaultdict[Key, list[Key]] = defaultdict(list)
    for key in quantities:
        if key[0] == table and len(key) > place + 1 and key[place] != whole:
            parts[(*key[:place], whole, *key[place + 1 :])].append(key)
    for above in sorted(parts):
        if above in quantities:
            yield from _made_of(quantities, above, sorted(parts[above]))


#: States of a list that are a kind of discrepancy too.
_SAME = {"unenrolled_count": "not_enrolled", "lapsed_count": "lapsed"}

#: What two sums of amounts may differ by, persons.
_ROUNDING = 1e-6

#: Kinds of discrepancy whose rupiah are paid for the ineligible.
_INELIGIBLE = frozenset(
    {"became_asn", "covered_by_employer", "deceased", "ineligible_age"}
)


def _across(quantities: Mapping[Key, Quantity]) -> Iterator[Relation]:
    """The same people in two tables: no chapter tells what another one hides.

    A discrepancy is a state of the lists, who is paid for twice stands in two chapters,
    who owes a month or two is in grace, and what should be paid is a rate times people.
    """
    parts: defaultdict[Key, list[Key]] = defaultdict(list)
    discrepancies = "monthly_discrepancies"
    for key in sorted(quantities):
        match key:
            case ("monthly_protection", area, _, "ALL", measure) if measure in _SAME:
                kind = _SAME[measure]
                parts[discrepancies, area, kind, "person_count"].append(key)
            case ("monthly_funding", area, _, "ALL", "ALL", "double_funded_count"):
                parts[discrepancies, area, "double_funded", "person_count"].append(key)
            case ("monthly_early_warning", area, "unpaid_1" | "unpaid_2", "ALL", _):
                parts["monthly_coverage", area, "ALL", "ANY", "grace_count"].append(key)
            case ("monthly_funding", area, _, group, "ALL", "expected_rupiah"):
                parts[key] = [
                    other
                    for other in sorted(quantities)
                    if other[:2] == ("monthly_protection", area)
                    and other[3:] == ("ALL", "registered_count")
                    and group in ("ALL", other[2])
                ]
            case _:
                pass
    for above in sorted(parts):
        if above in quantities and parts[above]:
            yield from _made_of(quantities, above, parts[above])


def _paid_for_the_ineligible(
    quantities: Mapping[Key, Quantity],
) -> Iterator[tuple[Key, list[Key]]]:
    """Rupiah of funding, and those of the kinds of discrepancy they are paid for."""
    for key in sorted(quantities):
        match key:
            case ("monthly_funding", area, _, "ALL", "ALL", "ineligible_rupiah"):
                kinds = [
                    ("monthly_discrepancies", area, kind, "rupiah")
                    for kind in sorted(_INELIGIBLE)
                ]
                yield key, [one for one in kinds if one in quantities]
            case _:
                pass


def _both_key(paid: Key) -> Key:
    return (*paid[:-1], "paid_for_two_kinds")


def _amounts(facts: Facts, quantities: Mapping[Key, Quantity]) -> Iterator[Relation]:
    """An amount that is so many rupiah for each of its people tells how many."""
    for (table, measure), counts in SHOWS.items():
        for row in facts.tables[table]:
            amount = key_of(table, row, measure)
            people = [key_of(table, row, count) for count in counts]
            if amount in quantities and all(one in quantities for one in people):
                yield from _made_of(quantities, amount, people)


def _villages(facts: Facts, quantities: Mapping[Key, Quantity]) -> Iterator[Relation]:
    """In every village that is covered somebody is active."""
    for row in facts.tables["monthly_village_coverage"]:
        people = total_key("monthly_protection", row, "active_count")
        covered = row["covered_village_count"]
        if people in quantities and covered and covered <= quantities[people].value:
            yield Relation(((1, people),), covered, math.inf)


def _made_of(
    quantities: Mapping[Key, Quantity], above: Key, below: list[Key]
) -> Iterator[Relation]:
    """What holds between a figure and its parts, which may overlap."""
    amount = quantities[above].value
    together = sum(quantities[key].value for key in below)
    # what adds up here is taken to be known to add up
    if abs(amount - together) < 1e-9 * max(1.0, amount):
        yield total(above, below)
        return
    if amount < together:
        yield sum_at_least(above, below)
    if all(quantities[key].value <= amount for key in below):
        for key in below:
            yield at_most(key, above)
