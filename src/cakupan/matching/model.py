"""Fellegi–Sunter: what each level of agreement is worth, learned without labels.

For every field, ``m`` is the chance of a level among pairs that are the same person and
``u`` among pairs that are not. ``u`` is measured on random pairs (and, where values are
equal, from how common the value is); ``m`` is learned by expectation maximisation from
the pairs at hand, starting from :data:`START` and held near it by a small prior, with
pairs of equal identity number as labels that cost nothing. Members of one household
share surname, address and telephone: they are a class of their own among the pairs
that are not the same person, so that a family does not look like one person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cakupan.matching.bonds import Bonds
from cakupan.matching.compare import LEVELS, Levels
from cakupan.matching.compare_names import EQUAL, TOKEN_LEVELS
from cakupan.matching.people import Array, People
from cakupan.matching.priors import (
    CROSSED_START,
    EXTRA_START,
    PRIOR_WEIGHT,
    START,
    TOKEN_START,
    held,
)
from cakupan.matching.shares import Shares

_CELL_PRIOR = 5.0
LABEL_WEIGHT = 300.0
_FAMILY_START, _FAMILY_LEAST, _FAMILY_MOST = 0.3, 0.02, 5.0
_TWIN = 0.005  # members of a household born the same day
_SHARED_AT_HOME = ("address", "village_code", "regency_code", "phone")
_PLACES = len(LEVELS["village_code"]) + len(LEVELS["regency_code"]) - 1


@dataclass(frozen=True, slots=True)
class Weights:
    """Chances per level; position 0 of a field is "missing".

    Attributes:
        m: per field, chance of each level in pairs of one person.
        u: per field, in pairs of two persons.
        name_m: per token level.
        name_u: per token level.
        extra_m: of 0, 1, 2 tokens left over.
        extra_u: the same in pairs of two persons.
        crossed_m: of tokens in the same and in another order.
        family: other members of the household in the other file, per person.
        nik_u: chances of the levels of ``nik`` in pairs of two persons, by level of
            the birth date and of the place: a number that encodes both is alike
            where they are. None when there is no such field.
    """

    m: dict[str, Array]
    u: dict[str, Array]
    name_m: Array
    name_u: Array
    extra_m: Array
    extra_u: Array
    crossed_m: Array
    family: float
    nik_u: Array | None


def start_weights(sample: Levels) -> Weights:
    """Weights before learning; ``sample`` are random pairs."""
    blank = Weights(
        {field: np.r_[1.0, START[field]] for field in sample.fields},
        {},
        np.array(TOKEN_START),
        np.full(5, 0.2),
        np.array(EXTRA_START),
        np.full(3, 1 / 3),
        np.array(CROSSED_START),
        _FAMILY_START,
        None,
    )
    return strangers(blank, sample, np.ones(len(sample)))


def strangers(weights: Weights, sample: Levels, stranger: Array) -> Weights:
    """New ``u`` from random pairs.

    Args:
        weights: of the last round.
        sample: random pairs.
        stranger: chance of each that it is not one person.
    """
    u = {
        field: _measured(levels, len(LEVELS[field]), stranger)
        for field, levels in sample.fields.items()
    }
    if sample.name is None:
        return replace(weights, u=u)
    counts = stranger @ sample.name.counts
    present = sample.name.counts.sum(axis=1) > 0
    extra = np.bincount(sample.name.extra[present], stranger[present], 3)
    return replace(
        weights,
        u=u,
        name_u=(counts + 0.5) / (counts.sum() + 2.5),
        extra_u=(extra + 1.0) / (extra.sum() + 3.0),
    )


def nik_counts(pairs: Levels, stranger: Array) -> Array:
    """Pairs of strangers by level of birth date, place and identity number."""
    counts = np.zeros((len(LEVELS["birth_date"]), _PLACES, len(LEVELS["nik"])))
    np.add.at(counts, (*_places(pairs), pairs.fields["nik"]), stranger)
    counts[:, :, 0] = 0
    return counts


def with_nik_counts(weights: Weights, counts: Array) -> Weights:
    """New chances of an alike identity number.

    A cell with few pairs leans on the pairs of its birth date level, and these on all.
    """
    overall = weights.u["nik"][1:]
    by_birth = counts[:, :, 1:].sum(axis=1) + _CELL_PRIOR * overall
    by_birth = by_birth / by_birth.sum(axis=1, keepdims=True)
    cells = counts[:, :, 1:] + _CELL_PRIOR * by_birth[:, None, :]
    cells = cells / cells.sum(axis=2, keepdims=True)
    missing = np.ones((*cells.shape[:2], 1))
    return replace(weights, nik_u=np.concatenate([missing, cells], axis=2))


def _places(pairs: Levels) -> tuple[Array, Array]:
    """Levels of the birth date and of the place: village, else regency."""
    none = np.zeros(len(pairs), dtype=np.uint8)
    village = pairs.fields.get("village_code", none)
    regency = pairs.fields.get("regency_code", none)
    past_villages = len(LEVELS["village_code"]) - 1
    return (
        pairs.fields.get("birth_date", none),
        np.where(regency > 0, past_villages + regency, village),
    )


def _measured(levels: Array, count: int, weight: Array | None) -> Array:
    found = np.bincount(levels, weight, count)[1:].astype(np.float64)
    chance: Array = (found + 0.5) / (found.sum() + 0.5 * len(found))
    return np.concatenate([[1.0], chance])


@dataclass(frozen=True, slots=True)
class Evidence:
    """Log likelihood ratios of pairs.

    Attributes:
        same: one person against two strangers.
        family: two members of a household against two strangers.
        number: the part of the identity number in ``same``.
    """

    same: Array
    family: Array
    number: Array


def weigh(
    people: People, shares: Shares, bonds: Bonds, weights: Weights, pairs: Levels
) -> Evidence:
    """Weigh the agreement of pairs."""
    same = np.zeros(len(pairs))
    family = np.zeros(len(pairs))
    number = np.zeros(len(pairs))
    for field, levels in pairs.fields.items():
        log_m, log_u = np.log(weights.m[field]), np.log(weights.u[field])
        ratio = (log_m - log_u)[levels]
        if field == "nik" and weights.nik_u is not None:
            given = np.log(weights.nik_u)[(*_places(pairs), levels)]
            ratio = np.where(levels > 1, log_m[levels] - given, ratio)
        if field != "sex":
            equal = levels == 1
            codes = people.fields[field].left[pairs.left[equal]]
            ratio[equal] = log_m[1] - shares.fields[field][codes]
        same += ratio
        if field == "nik":
            number = ratio
        if field in _SHARED_AT_HOME:
            family += np.maximum(ratio, 0)
        elif field == "birth_date":
            family += np.log1p(_TWIN * np.exp(np.clip(ratio, -50, 50)))
    if pairs.name is not None and people.names is not None:
        same += _weigh_names(people, shares, weights, pairs)
        some = pairs.name.counts[:, EQUAL] > 0
        if "village_code" in pairs.fields:
            here = pairs.fields["village_code"] == 1
            same -= np.where(here & pairs.name.is_whole, bonds.whole, 0)
            same -= np.where(here & some & ~pairs.name.is_whole, bonds.token, 0)
        family += np.where(some, -pairs.name.rarest_log_share, 0)
    return Evidence(same, family, number)


def _weigh_names(
    people: People, shares: Shares, weights: Weights, pairs: Levels
) -> Array:
    name, names = pairs.name, people.names
    if name is None or names is None:
        return np.zeros(len(pairs))
    log_m = np.log(weights.name_m)
    ratio = log_m - np.log(weights.name_u)
    ratio[EQUAL] = log_m[EQUAL]
    found = name.counts @ ratio
    codes = names.left[pairs.left]
    whole = np.where(codes < 0, 0, shares.whole[codes] if len(shares.whole) else 0)
    apart = shares.damping * name.equal_log_share
    found = found - np.where(name.is_whole, np.maximum(whole, apart), apart)
    present = name.counts.sum(axis=1) > 0
    extra = np.log(weights.extra_m) - np.log(weights.extra_u)
    found += np.where(present, extra[name.extra], 0)
    ordered = (name.counts[:, :2].sum(axis=1) > 1) & (name.extra == 0)
    crossed = np.log(weights.crossed_m) - np.log(0.5)
    found += np.where(ordered, crossed[name.crossed.astype(int)], 0)
    return np.asarray(found)


def learn(
    weights: Weights, pairs: Levels, chance: Array, labels: Levels | None
) -> Weights:
    """New ``m`` from how likely each pair is one person.

    Args:
        weights: of the last round.
        pairs: compared pairs.
        chance: probability of each pair.
        labels: pairs known to be one person (equal numbers, plausible); they count as
            :data:`LABEL_WEIGHT` pairs at most, as the pairs in doubt may differ.
    """
    prior = PRIOR_WEIGHT
    base = dict(START)
    token_base, extra_base = np.array(TOKEN_START), np.array(EXTRA_START)
    m = {}
    for field, levels in pairs.fields.items():
        size = len(LEVELS[field])
        count = prior * np.array(base[field])
        count = count + np.bincount(levels, chance, size)[1:]
        if labels is not None and field != "nik":
            seen = np.bincount(labels.fields[field], minlength=size)[1:]
            count = count + _capped(seen)
        m[field] = np.r_[1.0, held(field, count)]
    name_m, extra_m, crossed_m = weights.name_m, weights.extra_m, weights.crossed_m
    if pairs.name is not None:
        count = prior * token_base + chance @ pairs.name.counts
        present = pairs.name.counts.sum(axis=1) > 0
        extra = prior * extra_base + np.bincount(
            pairs.name.extra[present], chance[present], 3
        )
        if labels is not None and labels.name is not None:
            count = count + _capped(labels.name.counts.sum(axis=0))
            there = labels.name.counts.sum(axis=1) > 0
            extra = extra + _capped(np.bincount(labels.name.extra[there], minlength=3))
        ordered = (pairs.name.counts[:, :2].sum(axis=1) > 1) & (pairs.name.extra == 0)
        crossed = prior * np.array(CROSSED_START) + np.bincount(
            pairs.name.crossed[ordered].astype(int), chance[ordered], 2
        )
        name_m = held("token", count)
        extra_m = held("extra", extra)
        crossed_m = crossed / crossed.sum()
    return replace(weights, m=m, name_m=name_m, extra_m=extra_m, crossed_m=crossed_m)


def _capped(seen: Array) -> Array:
    total = float(seen.sum())
    return np.asarray(seen * min(1.0, LABEL_WEIGHT / total)) if total else seen * 0.0


def describe(pairs: Levels, place: int) -> str:
    """The evidence of one pair in words, field by field, without any value."""
    parts = []
    if pairs.name is not None:
        counts = pairs.name.counts[place]
        words = [
            f"{level}:{int(count)}"
            for level, count in zip(TOKEN_LEVELS, counts, strict=True)
            if count
        ]
        if pairs.name.extra[place]:
            words.append(f"extra:{int(pairs.name.extra[place])}")
        parts.append("name=" + (",".join(words) or "missing"))
    for field, levels in pairs.fields.items():
        parts.append(f"{field}={LEVELS[field][levels[place]]}")
    return ";".join(parts)


def log_family_share(people: People, weights: Weights) -> float:
    """Log of the chance that a random pair is of one household."""
    return float(np.log(weights.family / max(people.sizes)))


def learn_family(weights: Weights, chance: Array, persons: int) -> Weights:
    """New size of households.

    Args:
        weights: of the last round.
        chance: of each pair, that it is of one household but not one person.
        persons: of the smaller file.
    """
    size = float(chance.sum()) / max(1, persons)
    return replace(weights, family=float(np.clip(size, _FAMILY_LEAST, _FAMILY_MOST)))
