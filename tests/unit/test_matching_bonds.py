"""How much names and villages go together."""

from __future__ import annotations

import random

import numpy as np
import pyarrow as pa
import pytest

from cakupan.matching.bonds import Bonds, measure_bonds
from cakupan.matching.people import prepare

VILLAGES = 20


def file(count: int, *, at_home: bool, with_village: bool = True) -> pa.Table:
    """Forty names of two words, each at home in one village or everywhere."""
    draw = random.Random(count)
    rows = []
    for number in range(count):
        name = draw.randrange(40)
        village = name % VILLAGES if at_home else draw.randrange(VILLAGES)
        rows.append((str(number), f"nama{chr(97 + name % 26)} marga{name}x", village))
    columns = {
        "id": [row[0] for row in rows],
        # forty distinct family names in letters, as digits are no part of a name
        "name": ["".join(chr(97 + int(c)) if c.isdigit() else c for c in row[1])
                 for row in rows],
        "village_code": [f"64.02.01.20{row[2]:02d}" for row in rows],
    }  # fmt: skip
    if not with_village:
        del columns["village_code"]
    return pa.table(columns)


def bonds(*files: pa.Table | None) -> Bonds:
    return measure_bonds(prepare(*files))


def test_names_at_home_in_one_village() -> None:
    found = bonds(file(50, at_home=True), file(2000, at_home=True))
    assert found.whole == pytest.approx(np.log(VILLAGES), abs=0.1)
    assert 0 < found.token <= found.whole


def test_names_that_are_everywhere() -> None:
    found = bonds(file(2000, at_home=False), file(50, at_home=True))
    assert found.whole == pytest.approx(0, abs=0.1)
    assert found.token == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize(
    "files",
    [
        (file(300, at_home=True), None),
        (file(300, at_home=True), file(300, at_home=True, with_village=False)),
        (file(1, at_home=True), file(1, at_home=True)),
    ],
    ids=["duplicates of one file", "no village", "one row"],
)
def test_nothing_is_measured(files: tuple[pa.Table, pa.Table | None]) -> None:
    assert bonds(*files) == Bonds()


def test_one_person_entered_twice_is_no_namesake() -> None:
    once = file(400, at_home=False)
    born = pa.array([f"{1950 + n % 50}-{1 + n % 12:02d}-{1 + n % 28:02d}"
                     for n in range(400)])  # fmt: skip
    once = once.append_column("birth_date", born)
    again = once.set_column(0, "id", pa.array([f"x{n}" for n in range(400)]))
    twice = pa.concat_tables([once, again])
    assert bonds(twice, once).whole == pytest.approx(
        bonds(once, once[:10]).whole, abs=0.2
    )
