"""What speaks for a pair in doubt, in words for the officer who decides."""

from __future__ import annotations

import pytest

from cakupan.matching.compare import LEVELS
from cakupan.matching.compare_names import TOKEN_LEVELS
from cakupan.rosters.evidence import chance, in_words, sentence


def test_fields_and_levels_have_names() -> None:
    assert in_words("name=equal:3,extra:1;nik=two_edits;birth_date=missing") == [
        ("Nama", "3 kata sama, 1 kata hanya di satu sisi"),
        ("NIK", "dua salah ketik"),
        ("Tanggal lahir", "tidak ada di salah satu sisi"),
    ]
    assert sentence("nik=equal;name=differs") == "NIK: sama; Nama: berbeda"


@pytest.mark.parametrize(
    ("field", "level"), [(field, one) for field in LEVELS for one in LEVELS[field]]
)
def test_every_level_of_a_comparison_is_known(field: str, level: str) -> None:
    ((title, words),) = in_words(f"{field}={level}")
    assert title != field
    assert words != level


@pytest.mark.parametrize("level", [*TOKEN_LEVELS, "extra"])
def test_every_level_of_a_word_of_a_name_is_known(level: str) -> None:
    ((_, words),) = in_words(f"name={level}:2")
    assert words.startswith("2 kata")
    assert level not in words


@pytest.mark.parametrize("told", ["color=green", "nik=blurred:x", "name=odd:2", "x"])
def test_what_is_not_known_is_its_code(told: str) -> None:
    assert in_words(told)[0][1] in {"green", "blurred:x", "odd:2", ""}
    assert in_words("") == []


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (1.0, "100,0%"),
        (0.99999, "di atas 99,9%"),
        (0.9994, "99,9%"),
        (0.5, "50,0%"),
        (0.0006, "0,1%"),
        (0.0001, "di bawah 0,1%"),
        (0.0, "0,0%"),
    ],
)
def test_no_doubt_is_shown_as_certainty(probability: float, words: str) -> None:
    assert chance(probability) == words
