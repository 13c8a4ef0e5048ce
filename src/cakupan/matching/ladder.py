"""The rungs: which evidence a link stands on, and when an equal number is no link."""

from __future__ import annotations

import numpy as np

from cakupan.matching.compare import LEVELS, Levels
from cakupan.matching.compare_names import CLOSE, FAIR, INITIAL, UNLIKE
from cakupan.matching.people import Array

COMMON = 0.02


def unlike(pairs: Levels) -> tuple[Array, Array]:
    """Where the names share nothing telling, and where the birth dates are others."""
    size = len(pairs)
    name = np.zeros(size, dtype=bool)
    if pairs.name is not None:
        counts = pairs.name.counts
        # a token every fiftieth has (Muhammad, Siti) is no evidence
        common = pairs.name.rarest_log_share > np.log(COMMON)
        alike = counts[:, [CLOSE, FAIR, INITIAL]].sum(axis=1) > 0
        name = (counts[:, UNLIKE] > 0) & ~alike & common
    birth = pairs.fields.get("birth_date", np.zeros(size, dtype=np.uint8))
    return name, birth >= LEVELS["birth_date"].index("two_parts_equal")


def conflict(pairs: Levels) -> Array:
    """Equal identity number, but another name and another birth date."""
    name, birth = unlike(pairs)
    equal = pairs.fields.get("nik", np.zeros(len(pairs), dtype=np.uint8)) == 1
    return np.asarray(equal & name & birth)


def plausible(pairs: Levels) -> Array:
    """Equal identity number, and the name or the birth date agrees."""
    name, birth = unlike(pairs)
    none = np.zeros(len(pairs), dtype=np.uint8)
    born_alike = (pairs.fields.get("birth_date", none) > 0) & ~birth
    return np.asarray(~name | born_alike)


def rules(pairs: Levels) -> Array:
    """The rung of the ladder each pair stands on."""
    size = len(pairs)
    none = np.zeros(size, dtype=np.uint8)
    nik, kpj = pairs.fields.get("nik", none), pairs.fields.get("kpj", none)
    born = pairs.fields.get("birth_date", none)
    near = np.zeros(size, dtype=bool)
    if pairs.name is not None:
        counts = pairs.name.counts
        alike = counts[:, : CLOSE + 1].sum(axis=1)
        near = (alike > 0) & (
            alike + counts[:, FAIR] + counts[:, INITIAL] == counts.sum(axis=1)
        )
    return np.select(
        [nik == 1, (nik == 2) & (born == 1) & near, kpj == 1],
        ["nik_equal", "nik_near", "kpj_equal"],
        "probabilistic",
    ).astype(object)
