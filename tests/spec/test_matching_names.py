"""Names as they are compared. Given a name as written, expect its tokens."""

from __future__ import annotations

import pytest

from cakupan.matching.names import modern, name_key

NAMES = [
    # titles behind: only after a comma, only when the whole tail is titles
    ("Mispoyo, S.Pd., M.Pd", "mispoyo"),
    ("Muhammad Hamsani, ST, M.Si", "muhammad hamsani"),
    ("Dr. Dasmiah, S.Pd., M.A.P.", "dasmiah"),
    ("Rusdi, A.Md.Keb", "rusdi"),
    ("Santoso, Budi", "santoso budi"),
    ("Siti Aminah SE", "siti aminah se"),
    # titles in front
    ("H. Rusdi", "rusdi"),
    ("Hj. Noor Aini", "nur aini"),
    ("Drs. H. Sugeng", "sugeng"),
    ("Bpk. Slamet", "slamet"),
    ("H.", "h"),
    ("Slamet (Alm)", "slamet"),
    # nobility and clan names are names
    ("Aji Ferdian", "aji ferdian"),
    ("Andi Baso", "andi baso"),
    ("Awang Ishak", "awang ishak"),
    ("Gusti Randa", "gusti randa"),
    # parents
    ("Ahmad bin Yusuf", "ahmad yusuf"),
    ("Siti binti Abdullah", "siti abdullah"),
    ("Bin Salim", "bin salim"),
    # common names in every spelling
    ("Moh. Ilham", "muhammad ilham"),
    ("MUH ILHAM", "muhammad ilham"),
    ("Mochammad Ilham", "muhammad ilham"),
    ("M. Ilham", "m ilham"),
    ("Akhmad Rusdi", "ahmad rusdi"),
    ("Achmad Rusdi", "ahmad rusdi"),
    ("Abd. Rahman", "abdul rahman"),
    ("Abdoel Rahman", "abdul rahman"),
    ("Abdurrahman", "abdul rahman"),
    ("Abdulrahman", "abdul rahman"),
    ("Abdullah", "abdullah"),
    ("St. Aminah", "siti aminah"),
    ("Sitti Aminah", "siti aminah"),
    ("Noer Hayati", "nur hayati"),
    ("Noorhayati", "nurhayati"),
    ("Norman", "norman"),
    # old spelling
    ("Soerjadi", "surjadi"),
    ("Tjipto", "cipto"),
    ("Djoko", "joko"),
    ("Njoman", "nyoman"),
    ("Sjahrir", "syahrir"),
    ("Achir", "akhir"),
    ("Joko", "joko"),
    # apostrophes join, other marks part
    ("La'ai Batoq", "laai batoq"),
    ("La’ai", "laai"),
    ("Nur-Aini", "nur aini"),
    # one name, no name, other scripts
    ("Suparman", "suparman"),
    ("", ""),
    ("123", ""),
    ("José Müller", "jose muller"),
    ("Смирнов Иван", "смирнов иван"),
]


@pytest.mark.parametrize(("given", "expected"), NAMES)
def test_name_key(given: str, expected: str) -> None:
    assert name_key(given) == expected


@pytest.mark.parametrize("given", [name for name, _ in NAMES])
def test_a_key_is_its_own_key(given: str) -> None:
    key = name_key(given)
    assert name_key(key) in {key, name_key(name_key(key))}


def test_order_of_the_old_spelling() -> None:
    # dj before j, tj before c: no sound is read twice
    assert [modern(word) for word in ("tjoet", "djanoer", "moechtar")] == [
        "cut",
        "janur",
        "mukhtar",
    ]
