"""Values as they are compared. Given a cell, expect its comparable form."""

from __future__ import annotations

import pytest

from cakupan.matching import values


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1980-05-06", "19800506"),
        ("19800506", "19800506"),
        ("19800506.0", "19800506"),
        ("06/05/1980", "19800506"),
        ("6-5-1980", "19800506"),
        ("6 Mei 1980", "19800506"),
        ("31 Des 79", "19791231"),
        ("1980-05-06 00:00:00", "19800506"),
        ("1980-05-06T00:00:00", "19800506"),
        ("29347", "19800506"),
        ("1980", "19800000"),
        ("19720245", "19720245"),  # impossible, but it still compares
        ("31/12/1979", "19791231"),
        ("", ""),
        ("tidak tahu", ""),
        ("00/00/0000", ""),
        ("00000000", ""),
    ],
)
def test_birth_date(given: str, expected: str) -> None:
    assert values.birth_date(given) == expected


def test_month_first_is_told_by_the_column() -> None:
    assert values.is_month_first(["05/31/1980", "12/25/1990", "01/02/1970"])
    assert not values.is_month_first(["31/05/1980", "01/02/1970"])
    assert not values.is_month_first(["1980-05-31", "19801231", "01/02/1970"])
    assert values.birth_date("05/06/1980", month_first=True) == "19800506"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("L", "M"), ("Laki-laki", "M"), ("LAKI LAKI", "M"), ("male", "M"), ("M", "M"),
        ("P", "F"), ("Perempuan", "F"), ("F", "F"), ("Wanita", "F"), ("-", ""),
        ("divers", "divers"),
    ],
)  # fmt: skip
def test_sex(given: str, expected: str) -> None:
    assert values.sex(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("6402 0101 0190 0001", "6402010101900001"),
        ("'6402010101900001", "6402010101900001"),
        ("786-77-6454", "786776454"),
        ("5304218.0", "5304218"),
        ("6.402E+15", ""),
        ("6,40E+15", ""),
        ("0000000000000000", ""),
        ("n/a", ""),
        ("AB-12", "ab12"),
    ],
)
def test_number(given: str, expected: str) -> None:
    assert values.number(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("+62 812-3456-7890", "234567890"),
        ("081234567890", "234567890"),
        ("0", ""),
        ("111111", ""),
        ("6.28123E+11", ""),
    ],
)
def test_phone(given: str, expected: str) -> None:
    assert values.phone(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Jl. Mawar No. 05 RT 03", "jl mawar 5 rt 3"),
        ("jalan mawar 5, rt.3", "jl mawar 5 rt 3"),
        ("6 Tullaroop Street", "6 tullaroop st"),
        ("-", ""),
    ],
)
def test_address(given: str, expected: str) -> None:
    assert values.address(given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("64.02.01.2001", "6402012001"),
        ("6402012001.0", "6402012001"),
        ("6.402E+09", ""),
        ("Loa Kulu", "loakulu"),
    ],
)
def test_place(given: str, expected: str) -> None:
    assert values.place(given) == expected
