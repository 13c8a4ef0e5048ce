"""What a NIK says of its own row, and what one person may look like at most."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from cakupan.matching.niks import read_niks
from cakupan.matching.people import prepare
from cakupan.matching.priors import held, is_held

#: NIK, birth date and sex of a row; parts in which they contradict each other.
ROWS = [
    ("6402025708850001", "1985-08-17", "P", 0),
    ("6402025708850001", "17/08/1985", None, 0),
    ("6402025708850001", None, None, 0),
    ("6402025708850001", "1985", "P", 0),  # day and month are not known
    ("6402025708850001", "1985-08-17", "L", 1),
    ("6402021708850001", "1985-08-18", "L", 1),
    ("6402021708850001", "1986-09-17", "L", 2),
    ("6402021713850001", "1985-08-17", "L", 4),  # no month of that number
    ("640202170885000", "1985-08-17", "L", 4),
    ("12-345-678", "1985-08-17", "L", 4),
    (None, "1985-08-17", "L", 4),
]


def file(rows: list[tuple[str | None, str | None, str | None]]) -> pa.Table:
    columns = {"id": [f"{number:03d}" for number in range(len(rows))]}
    for at, name in enumerate(("nik", "birth_date", "sex")):
        columns[name] = [row[at] for row in rows]  # type: ignore[misc]
    return pa.table({name: pa.array(c, pa.string()) for name, c in columns.items()})


@pytest.mark.parametrize(("nik", "born", "sex", "parts"), ROWS)
def test_parts_a_row_contradicts_its_nik_in(
    nik: str | None, born: str | None, sex: str | None, parts: int
) -> None:
    rows = file([(nik, born, sex), ("6471010101900001", "1990-01-01", "L")])
    left, right = read_niks(prepare(rows, None))
    assert left.contradicted.tolist() == right.contradicted.tolist() == [parts, 0]
    assert (left.born[0] == 170885) == (parts < 4)


def test_without_numbers_nothing_is_said() -> None:
    rows = file([(None, "1985-08-17", "L")]).drop_columns(["nik"])
    left, _ = read_niks(prepare(rows, None))
    assert left.born.tolist() == [-1]


@pytest.mark.parametrize(("rounded", "rows"), [(30, 30), (29, 30), (20, 30), (10, 10)])
def test_a_file_has_lost_its_last_digits_when_nearly_all_are_0(
    rounded: int, rows: int
) -> None:
    niks = [
        f"640202170885{number:03d}{'0' if number < rounded else '7'}"
        for number in range(rows)
    ]
    whole = [nik[:15] + "3" for nik in niks]
    people = prepare(
        file([(nik, None, None) for nik in niks]),
        file([(nik, None, None) for nik in whole]),
    )
    assert people.fields["nik"].is_rounded == (rounded >= 27)
    # whoever has lost a digit has lost it on both sides
    equal = (people.fields["nik"].left == people.fields["nik"].right).mean()
    assert equal == (1.0 if rounded >= 27 else 0.0)


def test_a_class_of_namesakes_is_not_learned_as_one_person() -> None:
    namesakes = np.array([10.0, 0, 5, 5, 30, 50, 900])
    share = held("birth_date", namesakes)
    assert share.sum() == pytest.approx(1)
    assert share[0] >= 0.8
    assert share[4:].sum() <= 0.1
    assert is_held({"birth_date": share})


def test_what_one_person_usually_looks_like_is_learned_as_it_is() -> None:
    count = np.array([90.0, 1, 4, 1, 2, 1, 1])
    assert held("birth_date", count) == pytest.approx(count / 100)
    assert not is_held({"birth_date": count / 100})
    assert held("sex", np.array([1.0, 3.0])) == pytest.approx([0.25, 0.75])
