"""The rungs: which evidence a link stands on, and which pairs are no link at all."""

from __future__ import annotations

import numpy as np

from cakupan.matching.compare import LEVELS, Levels
from cakupan.matching.compare_names import CLOSE, FAIR, INITIAL, UNLIKE
from cakupan.matching.niks import Niks
from cakupan.matching.people import Array

COMMON = 0.02
_PROVEN_WRONG = 2
_EQUAL, _ONE_EDIT, _TWO_EDITS, _OTHER = 1, 2, 3, 4
_CLOSE_ADDRESS = LEVELS["address"].index("close")


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
    birth = _levels(pairs, "birth_date")
    return name, birth >= LEVELS["birth_date"].index("two_parts_equal")


def conflict(pairs: Levels) -> Array:
    """Equal identity number, but another name and another birth date."""
    name, birth = unlike(pairs)
    return np.asarray((_levels(pairs, "nik") == _EQUAL) & name & birth)


def plausible(pairs: Levels) -> Array:
    """Equal identity number, and the name or the birth date agrees."""
    name, birth = unlike(pairs)
    born_alike = (_levels(pairs, "birth_date") > 0) & ~birth
    return np.asarray(~name | born_alike)


def rules(pairs: Levels) -> Array:
    """The rung of the ladder each pair stands on."""
    nik, kpj = _levels(pairs, "nik"), _levels(pairs, "kpj")
    near = (nik == _ONE_EDIT) & (_levels(pairs, "birth_date") == _EQUAL)
    return np.select(
        [nik == _EQUAL, near & _every_word_close(pairs), kpj == _EQUAL],
        ["nik_equal", "nik_near", "kpj_equal"],
        "probabilistic",
    ).astype(object)


def nameless(pairs: Levels) -> Array:
    """Pairs without a name that have nothing else the rungs below ask for.

    A birth date and a place are shared by many, and a NIK is made of them: without a
    name only an equal number, or the same birth date at one address or telephone,
    tells two neighbours of one age apart.
    """
    by_number = (_levels(pairs, "nik") == _EQUAL) | (_levels(pairs, "kpj") == _EQUAL)
    address = _levels(pairs, "address")
    at_home = (address > 0) & (address <= _CLOSE_ADDRESS)
    at_home |= _levels(pairs, "phone") == _EQUAL
    born = _levels(pairs, "birth_date") == _EQUAL
    is_named = _tokens(pairs).sum(axis=1) > 0
    return np.asarray(~(is_named | by_number | (born & at_home)))


def two_persons(pairs: Levels, left: Niks, right: Niks) -> Array:
    """Pairs whose numbers say they are two persons, unless somebody knows better.

    Each row fits its own NIK, and the numbers are no slip of each other; a row that
    contradicts its NIK in one part may hold one slip, not another number. Or the
    numbers are alike and a word of the names is not: serials of twins follow each other
    (PP 37/2007 art. 37), so that their numbers are as alike as one with a slip.
    An equal KPJ goes before: a person may have been given two NIKs.
    """
    nik = _levels(pairs, "nik")
    born_left, born_right = left.born[pairs.left], right.born[pairs.right]
    wrong = np.maximum(left.contradicted[pairs.left], right.contradicted[pairs.right])
    slip = (nik == _ONE_EDIT) & _is_slip(pairs, born_left == born_right)
    others = (nik > _EQUAL) & (wrong == 0) & ~slip
    others |= (nik == _OTHER) & (wrong < _PROVEN_WRONG)
    is_nik = (born_left >= 0) | (born_right >= 0)
    alike = is_nik & ((nik == _ONE_EDIT) | (nik == _TWO_EDITS))
    other_word = _tokens(pairs)[:, UNLIKE] > 0
    return np.asarray(
        (others | (alike & other_word)) & (_levels(pairs, "kpj") != _EQUAL)
    )


def _is_slip(pairs: Levels, same_day: Array) -> Array:
    """Where the rest is so alike that one edit between intact numbers is a slip.

    Every word of the name is close and the birth dates are the same. Where a row has no
    birth date, its NIK says it; the whole name is asked for then.
    """
    born = _levels(pairs, "birth_date")
    whole = np.zeros(len(pairs), dtype=bool)
    if pairs.name is not None:
        whole = pairs.name.is_whole
    unsaid = (born == 0) & same_day & whole
    return np.asarray(unsaid | (_every_word_close(pairs) & (born == _EQUAL)))


def _levels(pairs: Levels, field: str) -> Array:
    return pairs.fields.get(field, np.zeros(len(pairs), dtype=np.uint8))


def _tokens(pairs: Levels) -> Array:
    if pairs.name is None:
        return np.zeros((len(pairs), UNLIKE + 1), dtype=np.uint8)
    return pairs.name.counts


def _every_word_close(pairs: Levels) -> Array:
    counts = _tokens(pairs)
    alike = counts[:, : CLOSE + 1].sum(axis=1)
    some = alike + counts[:, FAIR] + counts[:, INITIAL]
    return np.asarray((alike > 0) & (some == counts.sum(axis=1)))
