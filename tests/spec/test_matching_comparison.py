"""How two rows are compared, field by field. Given two values, expect the evidence."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from cakupan.matching.compare import compare
from cakupan.matching.model import describe
from cakupan.matching.people import People, prepare
from cakupan.matching.shares import measure


def two(field: str, one: str | None, other: str | None) -> People:
    """Two files of one row."""
    return prepare(
        *(
            pa.table({"id": ["1"], field: pa.array([value], pa.string())})
            for value in (one, other)
        )
    )


def evidence(field: str, one: str | None, other: str | None) -> str:
    people = two(field, one, other)
    place = np.zeros(1, dtype=np.int64)
    return describe(compare(people, place, place, measure(people).tokens, 1), 0)


#: given: two names; expect: tokens per level, tokens left over.
NAMES = [
    ("Siti Aminah", "SITI AMINAH", "equal:2"),
    ("H. Rusdi, S.Pd", "Rusdi", "equal:1"),
    ("Siti Aminah", "Aminah Siti", "equal:2"),
    ("Muh. Ilham", "Muhammad Ilham", "equal:2"),
    # a token cut to its initial, cut short, or dropped
    ("M. Ilham", "Muhammad Ilham", "equal:1,initial:1"),
    ("Ilham Nugr", "Ilham Nugroho", "equal:1,fair:1"),
    ("Ilham", "Muhammad Ilham", "equal:1,extra:1"),
    ("Ilham", "Muhammad Ilham Nugroho", "equal:1,extra:2"),
    # a slip of the pen
    ("Siti Aminah", "Siti Amniah", "equal:1,close:1"),
    ("Nur Hayati", "Nurhayati", "close:1"),
    ("La'ai Batoq", "Laai Batok", "equal:1,close:1"),
    # single names, other people, nothing
    ("Suparman", "Supardi", "unlike:1"),
    ("Joko Santoso", "Yoko Santoso", "equal:1,close:1"),
    ("Aji Ferdian", "Andi Ferdian", "equal:1,unlike:1"),
    ("Suparman", None, "missing"),
]

#: given: two birth dates; expect: level.
BIRTH_DATES = [
    ("1985-08-17", "17 Agustus 1985", "equal"),
    ("1985-08-07", "1985-07-08", "day_month_swapped"),
    ("1985-08-17", "1985-08-11", "one_edit"),
    ("1985-08-17", "1958-08-17", "one_edit"),
    ("1985-08-17", "1985-01-01", "day_unknown"),
    ("1985-12-31", "1985-08-17", "day_unknown"),
    ("1985-08-17", "1985-07-01", "day_unknown"),
    ("1985-08-17", "1985", "day_unknown"),
    ("1985-08-17", "1985-08-29", "two_parts_equal"),
    ("1985-08-17", "1985-02-03", "year_equal"),
    ("1985-08-17", "1961-02-03", "different"),
    ("1985-08-17", None, "missing"),
]

NUMBERS = [
    ("6402021708850001", "6402-0217-0885-0001", "equal"),
    ("6402021708850001", "6402021708580001", "one_edit"),
    ("6402021708850001", "6402021708850021", "one_edit"),
    ("6402021708850001", "6402021708580021", "two_edits"),
    ("6402021708850001", "6471051203770002", "different"),
    # what a spreadsheet made of it tells nobody apart
    ("6402021708850001", "6,40202E+15", "missing"),
]

VILLAGES = [
    ("64.02.06.2003", "6402062003", "equal"),
    ("64.02.06.2003", "64.02.06.2004", "one_edit"),
    ("64.02.06.2003", "64.02.06.1011", "same_district"),
    ("64.02.06.2003", "64.71.01.1001", "different"),
]


@pytest.mark.parametrize(("one", "other", "expected"), NAMES)
def test_names(one: str, other: str | None, expected: str) -> None:
    assert evidence("name", one, other) == f"name={expected}"
    assert evidence("name", other, one) == f"name={expected}"


@pytest.mark.parametrize(
    ("field", "one", "other", "expected"),
    [
        (field, *row)
        for field, rows in (
            ("birth_date", BIRTH_DATES), ("nik", NUMBERS), ("village_code", VILLAGES),
        )
        for row in rows
    ],
)  # fmt: skip
def test_values(field: str, one: str, other: str | None, expected: str) -> None:
    assert evidence(field, one, other) == f"{field}={expected}"
    assert evidence(field, other, one) == f"{field}={expected}"


def test_the_regency_is_compared_where_a_village_is_missing() -> None:
    rows = [("1", "64.02.06.2003", "64.02"), ("2", None, "64.02")]
    left = pa.table(
        {
            name: pa.array([row[at] for row in rows], pa.string())
            for at, name in enumerate(("id", "village_code", "regency_code"))
        }
    )
    people = prepare(left, left)
    row = np.arange(2)
    found = compare(people, row, row * 0, np.zeros(0), 1)
    assert [describe(found, place) for place in (0, 1)] == [
        "village_code=equal;regency_code=missing",
        "village_code=missing;regency_code=equal",
    ]


@pytest.mark.parametrize("day", ["1985-01-01", "1985-07-01", "1985-12-31"])
def test_days_that_stand_for_not_known_weigh_less(day: str) -> None:
    """Seen as often as another day, they are worth half."""
    people = two("birth_date", day, "1985-03-05")
    weight = dict(
        zip(
            people.fields["birth_date"].vocabulary,
            np.exp(measure(people).fields["birth_date"]),
            strict=True,
        )
    )
    assert weight[day.replace("-", "")] == pytest.approx(2 * weight["19850305"])
