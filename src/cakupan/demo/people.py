"""The synthetic population: who lives where, born when, under which NIK."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from cakupan.core import areas
from cakupan.demo import words

Array: TypeAlias = np.ndarray[Any, Any]

PROVINCE = "64"
_RETIRED = np.array(["640401", "640402", "640503", "640701", "640702", "647301"])
_ELSEWHERE = np.array(["630101", "737101", "357801", "351501", "730801", "910101"])
_FIRST_BIRTH, _LAST_BIRTH = np.datetime64("1962-01-01"), np.datetime64("2007-06-30")


@dataclass(frozen=True, slots=True)
class People:
    """Persons as columns of equal length.

    Attributes:
        regency: index into :func:`regencies`.
        village: dotted code.
        is_woman: sex.
        birth: day of birth as stated in files.
        nik: sixteen digits, distinct.
        name: as on the identity card.
    """

    regency: Array
    village: Array
    is_woman: Array
    birth: Array
    nik: Array
    name: Array

    def __len__(self) -> int:
        return len(self.regency)


def regencies() -> tuple[str, ...]:
    """The ten regencies, in code order."""
    return areas.regencies(PROVINCE)


def villages_of(regency: str, kinds: tuple[str, ...] = areas.VILLAGE_KINDS) -> Array:
    """Village codes of a regency, in order."""
    return np.array(
        [
            village
            for district in areas.children(regency)
            for village in areas.children(district)
            if areas.village_kind(village) in kinds
        ],
        dtype="U13",
    )


def split(total: int, shares: list[int]) -> list[int]:
    """Share out a whole number by largest remainder; the parts sum to it."""
    whole = sum(shares) or 1
    parts = [total * share // whole for share in shares]
    order = sorted(range(len(shares)), key=lambda i: (-(total * shares[i] % whole), i))
    for index in order[: total - sum(parts)]:
        parts[index] += 1
    return parts


def people(
    random: np.random.Generator, regency: Array, village: Array, taken: Array
) -> People:
    """Draw the persons who live in those villages, none with a NIK already taken."""
    rows = len(regency)
    is_woman = random.random(rows) < 0.44
    span = int((_LAST_BIRTH - _FIRST_BIRTH).astype(int))
    birth = _FIRST_BIRTH + (random.beta(1.6, 1.5, rows) * span).astype(int)
    # people without a birth certificate are written down as born on 1 January
    unknown = random.random(rows) < 0.02
    birth = np.where(unknown, birth.astype("M8[Y]").astype("M8[D]"), birth)
    too_old = random.random(rows) < 0.006
    birth = np.where(too_old, np.datetime64("1951-05-17"), birth)
    return People(
        regency=regency,
        village=village,
        is_woman=is_woman,
        birth=birth,
        nik=_niks(random, village, birth, is_woman, taken),
        name=_names(random, regency, is_woman),
    )


def joined(parts: list[People]) -> People:
    """Several draws as one."""
    return People(
        regency=np.concatenate([part.regency for part in parts]),
        village=np.concatenate([part.village for part in parts]),
        is_woman=np.concatenate([part.is_woman for part in parts]),
        birth=np.concatenate([part.birth for part in parts]),
        nik=np.concatenate([part.nik for part in parts]),
        name=np.concatenate([part.name for part in parts]),
    )


def homes(random: np.random.Generator, counts: list[int]) -> tuple[Array, Array]:
    """Regency index and village of so many persons per regency."""
    codes = regencies()
    regency = np.repeat(np.arange(len(codes)), counts)
    village = [
        pick(random, villages_of(code), count)
        for code, count in zip(codes, counts, strict=True)
    ]
    return regency, np.concatenate(village)


def desa_homes(counts: list[int]) -> tuple[Array, Array, Array]:
    """Regency, village and rank in the village of apparatus; 6 of 7 desa have some."""
    codes = regencies()
    regency = np.repeat(np.arange(len(codes)), counts)
    villages: list[Array] = [np.empty(0, dtype="U13")]
    ranks: list[Array] = [np.empty(0, dtype=int)]
    for code, count in zip(codes, counts, strict=True):
        desa = villages_of(code, areas.DESA_KINDS)
        chosen = desa[np.arange(len(desa)) % 7 != 3]
        if count:
            villages.append(chosen[np.arange(count) % len(chosen)])
            ranks.append(np.arange(count) // len(chosen))
    return regency, np.concatenate(villages), np.concatenate(ranks)


def pick(random: np.random.Generator, values: Array, count: int) -> Array:
    """So many draws with replacement."""
    return values[random.integers(0, len(values), count)]


def _niks(
    random: np.random.Generator,
    village: Array,
    birth: Array,
    is_woman: Array,
    taken: Array,
) -> Array:
    """Area of first registration, birth date (+40 for women), serial from 0001."""
    rows = len(village)
    luck = random.random(rows)
    prefix = np.char.replace(village.astype("U8"), ".", "")
    prefix = np.where(luck < 0.12, pick(random, prefix, rows), prefix)
    prefix = np.where(luck < 0.05, pick(random, _RETIRED, rows), prefix)
    prefix = np.where(luck < 0.025, pick(random, _ELSEWHERE, rows), prefix)
    # the NIK stays when a birth date or a sex is corrected later
    corrected = random.random(rows) < 0.004
    born = np.where(corrected, birth + np.timedelta64(30, "D"), birth)
    woman = np.where(random.random(rows) < 0.002, ~is_woman, is_woman)
    stem = np.char.add(prefix, _day_month_year(born, woman))
    return np.char.add(stem, _serials(stem, taken))


def _day_month_year(birth: Array, is_woman: Array) -> Array:
    months = birth.astype("M8[M]")
    day = (birth - months.astype("M8[D]")).astype(int) + 1 + 40 * is_woman
    month = months.astype(int) % 12 + 1
    year = (birth.astype("M8[Y]").astype(int) + 1970) % 100
    return digits(day * 10_000 + month * 100 + year, 6)


def digits(numbers: Array, width: int) -> Array:
    """Whole numbers as text with leading zeros."""
    return np.char.zfill(numbers.astype(f"U{width}"), width)


def _serials(stem: Array, taken: Array) -> Array:
    """Serial of each person: how many before had the same stem, plus one."""
    known = taken.astype("U12")
    every = np.concatenate([known, stem])
    _, group = np.unique(every, return_inverse=True)
    order = np.argsort(group, kind="stable")
    grouped = group[order]
    starts = np.r_[0, np.flatnonzero(np.diff(grouped)) + 1]
    sizes = np.diff(np.r_[starts, len(grouped)])
    rank = np.empty(len(every), dtype=int)
    rank[order] = np.arange(len(every)) - np.repeat(starts, sizes)
    return digits(rank[len(known) :] + 1, 4)


def _names(random: np.random.Generator, regency: Array, is_woman: Array) -> Array:
    peoples = list(words.NAMES)
    mix = np.array(
        [
            [words.MIX.get(code, words.DEFAULT_MIX)[key] for key in peoples]
            for code in regencies()
        ]
    )
    bounds = np.cumsum(mix / mix.sum(axis=1, keepdims=True), axis=1)
    draw = random.random(len(regency))
    origin = (draw[:, None] > bounds[regency]).sum(axis=1).clip(0, len(peoples) - 1)
    first = np.empty(len(regency), dtype="U16")
    second = np.empty(len(regency), dtype="U16")
    third = np.empty(len(regency), dtype="U16")
    for index, key in enumerate(peoples):
        men, women, rest = words.NAMES[key]
        here = origin == index
        for sex, given in ((False, men), (True, women)):
            mask = here & (is_woman == sex)
            first[mask] = pick(random, np.array(given), int(mask.sum()))
        second[here] = pick(random, np.array(rest), int(here.sum()))
        third[here] = pick(random, np.array(rest), int(here.sum()))
    length = random.random(len(regency))
    name = np.char.add(first, np.where(length < 0.04, "", np.char.add(" ", second)))
    long = (length > 0.7) & (third != second)
    return np.where(long, np.char.add(np.char.add(name, " "), third), name)
