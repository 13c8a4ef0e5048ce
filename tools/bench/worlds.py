"""Two files of persons with known truth, for ``make bench-linkage``.

Two worlds of different making: the synthetic province (names, villages and numbers of
``cakupan.demo``) and a country that does not exist (names of syllables, families under
one roof, twins). The engine was developed looking at the first; the second was kept
apart for the final measurement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from bench import damage
from bench.damage import Random
from cakupan.demo import people as demo


@dataclass(frozen=True, slots=True)
class World:
    """Two files and who is who.

    Attributes:
        left: the file whose persons are looked for.
        right: the file they are looked for in.
        truth: pairs of ids.
    """

    left: pa.Table
    right: pa.Table
    truth: set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Harm:
    """Shares of rows that are changed, per field."""

    nik: float = 0.05
    name: float = 0.08
    birth_date: float = 0.03
    village: float = 0.05
    address: float = 0.3


def province(
    seed: int, rows: int, linkable: int, absent: int, harm: Harm, *, nik: bool = True
) -> World:
    """The synthetic province: ``rows`` on the right, the others on the left.

    Args:
        seed: of everything.
        rows: persons of the right file.
        linkable: persons of the left file who are in the right one.
        absent: persons of the left file who are not.
        harm: what is changed in the left file.
        nik: whether the files have identity numbers.
    """
    random = np.random.default_rng(seed)
    total = rows + absent
    share = demo.split(total, [1 + i % 4 for i in range(len(demo.regencies()))])
    regency, village = demo.homes(random, share)
    order = random.permutation(total)
    one = demo.people(random, regency, village, np.empty(0, dtype="U16"))
    columns: dict[str, list[Any]] = {
        "nik": one.nik[order].tolist(),
        "name": one.name[order].tolist(),
        "birth_date": one.birth[order].astype(str).tolist(),
        "sex": ["P" if woman else "L" for woman in one.is_woman[order]],
        "village_code": one.village[order].tolist(),
    }
    if not nik:
        del columns["nik"]
    right = {name: values[:rows] for name, values in columns.items()}
    here = np.r_[random.permutation(rows)[:linkable], np.arange(rows, total)]
    left = {name: [values[i] for i in here] for name, values in columns.items()}
    _harm(random, left, harm, [row.replace(".", "") for row in map(str, village)])
    return _world(random, left, right, here[:linkable])


def elsewhere(
    seed: int, rows: int, linkable: int, absent: int, harm: Harm, *, nik: bool = True
) -> World:
    """A country of families: surnames of syllables, addresses, telephones, twins."""
    random = np.random.default_rng(seed)
    given = _words(random, 900, 2, 3)
    surnames = _words(random, 6000, 2, 4)
    streets = _words(random, 1500, 2, 3)
    columns: dict[str, list[Any]] = {
        name: []
        for name in (
            "nik", "name", "birth_date", "sex", "village_code", "address", "phone",
        )
    }  # fmt: skip
    total = rows + absent
    while len(columns["name"]) < total:
        _family(random, columns, given, surnames, streets)
    order = random.permutation(total)
    columns = {name: [values[i] for i in order] for name, values in columns.items()}
    if not nik:
        del columns["nik"]
    right = {name: values[:rows] for name, values in columns.items()}
    here = np.r_[random.permutation(rows)[:linkable], np.arange(rows, total)]
    left = {name: [values[i] for i in here] for name, values in columns.items()}
    _harm(random, left, harm, columns["village_code"])
    return _world(random, left, right, here[:linkable])


def _family(
    random: Random,
    columns: dict[str, list[Any]],
    given: list[str],
    surnames: list[str],
    streets: list[str],
) -> None:
    surname = _zipf(random, surnames)
    address = f"{int(random.integers(1, 300))} {_zipf(random, streets)} street"
    phone = "0" + "".join(str(d) for d in random.integers(0, 10, 9))
    village = str(1000 + int(random.zipf(1.3)) % 3000)
    parents = int(random.integers(1930, 1995))
    day = _day(random, parents, parents + 3)
    for member in range(1 + min(5, int(random.poisson(1.8)))):
        if member and not (member > 2 and random.random() < 0.03):  # else a twin
            since = parents if member == 1 else parents + 22
            day = _day(random, since, since + 16)
        columns["nik"].append("".join(str(d) for d in random.integers(0, 10, 9)))
        first = _zipf(random, given)
        middle = f" {_zipf(random, given)}" if random.random() < 0.3 else ""
        columns["name"].append(f"{first}{middle} {surname}".title())
        columns["birth_date"].append(day)
        columns["sex"].append("F" if hash_of(first) else "M")
        columns["village_code"].append(village)
        columns["address"].append(address)
        columns["phone"].append(phone if random.random() < 0.7 else None)


def hash_of(text: str) -> int:
    """0 or 1, always the same for the same text."""
    return sum(map(ord, text)) % 2


def _day(random: Random, first: int, last: int) -> str:
    start = np.datetime64(f"{first}-01-01")
    return str(start + int(random.integers(0, 365 * (last - first))))


def _zipf(random: Random, words: list[str]) -> str:
    return words[int(len(words) * random.random() ** 2.2)]


def _words(random: Random, count: int, least: int, most: int) -> list[str]:
    heads, hearts = [*"bcdfghjklmnprstvw", "st", "br", "tr", "ch"], "aeiou"
    tails = ["", "", "n", "r", "s", "l", "nd"]
    found: dict[str, None] = {}
    while len(found) < count:
        word = "".join(
            str(random.choice(heads)) + str(random.choice(list(hearts)))
            + str(random.choice(tails))
            for _ in range(int(random.integers(least, most + 1)))
        )  # fmt: skip
        found[word] = None
    return list(found)


def _harm(
    random: Random, left: dict[str, list[Any]], harm: Harm, villages: list[str]
) -> None:
    rows = len(left["name"])

    def some(share: float) -> list[int]:
        return np.flatnonzero(random.random(rows) < share).tolist()

    for row in some(harm.name):
        left["name"][row] = damage.name(random, left["name"][row])
    for row in some(harm.birth_date):
        left["birth_date"][row] = damage.birth_date(random, left["birth_date"][row])
    for row in some(harm.village):
        left["village_code"][row] = villages[int(random.integers(0, len(villages)))]
    if "nik" in left:
        for row in some(harm.nik):
            left["nik"][row] = damage.number(random, left["nik"][row])
    if "address" in left:
        for row in some(harm.address):
            left["address"][row] = damage.typo(random, left["address"][row])
        for row in some(harm.village):
            left["phone"][row] = None


def _world(
    random: Random, left: dict[str, list[Any]], right: dict[str, list[Any]], here: Any
) -> World:
    rows_left, rows_right = len(left["name"]), len(right["name"])
    left_ids = [f"L{number}" for number in random.permutation(rows_left)]
    right_ids = [f"R{number}" for number in random.permutation(rows_right)]
    truth = {(left_ids[place], right_ids[int(row)]) for place, row in enumerate(here)}
    return World(
        pa.table({"id": left_ids, **left}), pa.table({"id": right_ids, **right}), truth
    )
