"""How many parts of a birth date a NIK says otherwise (rule of the matching ladder)."""

from __future__ import annotations

import datetime as dt

import pytest

from cakupan.core.nik import contradicted_parts

#: given: NIK, birth date of the row; expect: parts that differ.
CASES = [
    ("6402021708850001", "1985-08-17", 0),
    ("6402025708850001", "1985-08-17", 0),  # a woman: day + 40
    ("6402021708050001", "2005-08-17", 0),
    ("6402021808850001", "1985-08-17", 1),
    ("6402020817850001", "1985-08-17", 2),  # day and month swapped
    ("6402021708580001", "1985-08-17", 1),  # year with its digits swapped
    ("6402023112990001", "1985-08-17", 3),
    ("6402020000000000", "1985-08-17", 3),
    ("640202170885", "1985-08-17", 3),
    ("64020217O8850001", "1985-08-17", 3),
]


@pytest.mark.parametrize(("nik", "born", "parts"), CASES)
def test_parts_a_number_contradicts(nik: str, born: str, parts: int) -> None:
    assert contradicted_parts(nik, dt.date.fromisoformat(born)) == parts
