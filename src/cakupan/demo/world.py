"""The whole synthetic province: population, lists and memberships, drawn once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from cakupan.core import areas
from cakupan.demo import memberships as bpjs
from cakupan.demo import people as folk
from cakupan.demo import words
from cakupan.demo.registries import (
    GROUPS,
    Registry,
    also_in,
    registry,
    with_moves,
)

# Rows per month at scale 1.
REGISTRY_SIZES = {
    "pekerja_rentan": 7_600,
    "non_asn": 2_000,
    "aparatur_desa": 1_500,
    "rt_rw": 1_100,
}
OTHER_MEMBERS = {"PU": 22_300, "BPU": 7_000, "JAKON": 1_700, "PMI": 300}


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is true in the synthetic province."""

    people: folk.People
    registries: dict[str, Registry]
    memberships: bpjs.Memberships
    months: tuple[int, ...]


def build(seed: int, scale: float, months: tuple[int, ...]) -> World:
    """Draw the province. The same arguments give the same province."""
    random = np.random.default_rng([seed, 1])
    parts: list[folk.People] = []
    lists: dict[str, Registry] = {}
    taken = np.empty(0, dtype="U16")
    for group in GROUPS:
        size = max(20, round(REGISTRY_SIZES[group] * scale * 1.02))
        regency, village, rank = _homes(random, group, size)
        start = sum(map(len, parts))
        parts.append(folk.people(random, regency, village, taken))
        taken = np.concatenate([taken, parts[-1].nik])
        index = np.arange(start, start + len(regency))
        lists[group] = registry(
            random, group, index, regency, village, rank=rank, months=months
        )
    others: dict[str, folk.Array] = {}
    for segment, size in OTHER_MEMBERS.items():
        counts = folk.split(max(20, round(size * scale)), _population())
        regency, village = folk.homes(random, counts)
        start = sum(map(len, parts))
        parts.append(folk.people(random, regency, village, taken))
        taken = np.concatenate([taken, parts[-1].nik])
        others[segment] = np.arange(start, start + len(regency))
    everyone = folk.joined(parts)
    insured = _memberships(random, lists, everyone, others, months)
    lists["pekerja_rentan"] = with_moves(random, lists["pekerja_rentan"], months)
    second = also_in(random, lists["pekerja_rentan"], 0.008, "apbdes")
    lists["rt_rw"] = lists["rt_rw"].plus(second)
    return World(everyone, lists, insured, months)


def _population() -> list[int]:
    return [words.POPULATION[code] for code in folk.regencies()]


def _homes(
    random: np.random.Generator, group: str, size: int
) -> tuple[folk.Array, folk.Array, folk.Array | None]:
    if group == "aparatur_desa":
        desa = [areas.village_count(c, areas.DESA_KINDS) for c in folk.regencies()]
        return folk.desa_homes(folk.split(size, desa))
    regency, village = folk.homes(random, folk.split(size, _population()))
    return regency, village, None


def _memberships(
    random: np.random.Generator,
    lists: dict[str, Registry],
    everyone: folk.People,
    others: dict[str, folk.Array],
    months: tuple[int, ...],
) -> bpjs.Memberships:
    """Who of the lists is insured, and everybody else the extract holds."""
    rentan = lists["pekerja_rentan"]
    enrolled = np.flatnonzero(random.random(len(rentan.person)) < 0.76)
    apparatus = lists["aparatur_desa"]
    # a village enrols its apparatus together
    _, number = np.unique(apparatus.village, return_inverse=True)
    village_pays = random.random(number.max() + 1) < 0.7
    in_village = apparatus.person[village_pays[number]]
    head = bpjs.some(random, lists["rt_rw"].person, 0.66)
    twice = bpjs.some(random, rentan.person[enrolled], 0.008)
    employed = bpjs.some(random, rentan.person, 0.012)
    builder = bpjs.some(random, others["BPU"], 0.03)
    member = partial(bpjs.block, random, months=months)
    full, some_jht = (1.0, 1.0, 0.0), (0.12, 0.0, 0.0)
    employee = (1.0, 0.7, 0.6)
    staff = bpjs.some(random, lists["non_asn"].person, 0.9)
    informal = others["BPU"]
    parts = [
        member(rentan.person[enrolled], "BPU", rentan.payer[enrolled]),
        member(staff, "PU", "apbd_kab", shares=full),
        member(in_village, "PU", "apbdes", shares=(1.0, 0.0, 0.0)),
        member(head, "BPU", "apbd_kab"),
        member(twice, "BPU", "apbd_prov"),
        member(employed, "PU", "perusahaan", shares=employee),
        member(builder, "JAKON", "perusahaan"),
        member(others["PU"], "PU", "perusahaan", shares=employee),
        member(others["JAKON"], "JAKON", "perusahaan"),
        member(others["PMI"], "PMI", "mandiri", shares=some_jht),
        member(informal, "BPU", _payers(random, len(informal)), shares=some_jht),
    ]
    return bpjs.with_conflicts(random, bpjs.joined(parts), 0.002)


def _payers(random: np.random.Generator, rows: int) -> folk.Array:
    names = np.array(["mandiri", "apbd_kab", "csr", "apbd_prov"], dtype="U10")
    return random.choice(names, rows, p=[0.85, 0.08, 0.04, 0.03])
