"""Who stands in which regency's list, and in which months."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from cakupan.demo.people import Array, pick, regencies, villages_of

GROUPS = ("pekerja_rentan", "non_asn", "aparatur_desa", "rt_rw")
STATUSES = ("usulan", "terverifikasi", "ditetapkan")
POSITIONS = {
    "aparatur_desa": ("kepala_desa", "perangkat", "bpd"),
    "rt_rw": ("ketua_rt", "ketua_rw"),
}
NEVER = 1_000_000


@dataclass(frozen=True, slots=True)
class Registry:
    """Entries of one worker group as columns of equal length.

    Months are counted from year 0. Attributes:
        person: index into the population.
        regency: index of the regency that lists the person.
        village: where the list says the person lives.
        join: first month on the list.
        leave: first month not on the list any more, ``NEVER`` if none.
        status: index into ``STATUSES`` at first; one more from ``promoted`` on.
        promoted: month of the next status.
        payer: who is to pay.
        pick_a: draw that decides a job, office or position.
        pick_b: draw that decides a duty or the decree.
        income: rupiah per month.
    """

    person: Array
    regency: Array
    village: Array
    join: Array
    leave: Array
    status: Array
    promoted: Array
    payer: Array
    pick_a: Array
    pick_b: Array
    income: Array

    def at(self, month: int, regency: int) -> Registry:
        """Entries of one regency's list of one month."""
        here = (self.join <= month) & (month < self.leave) & (self.regency == regency)
        return self.take(np.flatnonzero(here))

    def take(self, rows: Array) -> Registry:
        """Those entries, in that order."""
        return Registry(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def plus(self, other: Registry) -> Registry:
        """These entries and the others after them."""
        return Registry(
            **{
                f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)])
                for f in fields(self)
            }
        )


_PAYERS = {
    "pekerja_rentan": (("apbd_kab", "apbd_prov", "dbh_sawit", "csr"), (60, 25, 8, 7)),
    "non_asn": (("apbd_kab",), (1,)),
    "aparatur_desa": (("apbdes",), (1,)),
    "rt_rw": (("apbd_kab",), (1,)),
}


def registry(
    random: np.random.Generator,
    group: str,
    person: Array,
    regency: Array,
    village: Array,
    *,
    rank: Array | None,
    months: tuple[int, ...],
) -> Registry:
    """Put persons on the lists: most for long, some join or leave in these months."""
    rows = len(person)
    later = np.array(months[1:] or months)
    joins = random.random(rows) < 0.03 * (len(months) - 1)
    leaves = random.random(rows) < 0.015 * (len(months) - 1)
    join = np.where(joins, pick(random, later, rows), months[0] - 36)
    leave = np.where(leaves & ~joins, pick(random, later, rows), NEVER)
    names, weights = _PAYERS[group]
    shares = np.array(weights) / sum(weights)
    income = random.integers(8, 37, rows) * 50_000
    if group == "non_asn":
        income = random.integers(36, 73, rows) * 50_000
    else:
        income = np.where(random.random(rows) < 0.004, 18_500_000, income)
    return Registry(
        person=person,
        regency=regency,
        village=village,
        join=join,
        leave=leave,
        status=random.choice(3, rows, p=[0.25, 0.2, 0.55]),
        promoted=np.where(random.random(rows) < 0.3, pick(random, later, rows), NEVER),
        payer=random.choice(np.array(names), rows, p=shares),
        pick_a=random.integers(0, 1_000, rows) if rank is None else rank,
        pick_b=random.integers(0, 1_000, rows),
        income=income,
    )


def with_moves(
    random: np.random.Generator, entries: Registry, months: tuple[int, ...]
) -> Registry:
    """Some people move to another regency; half of the old lists do not notice."""
    rows = np.flatnonzero((random.random(len(entries.person)) < 0.008) & (
        entries.leave == NEVER
    ) & (entries.join < months[0]))  # fmt: skip
    moved = entries.take(rows)
    to = (moved.regency + random.integers(1, len(regencies()), len(rows))) % len(
        regencies()
    )
    codes = regencies()
    village = np.array([pick(random, villages_of(codes[i]), 1)[0] for i in to])
    when = pick(random, np.array(months), len(rows))
    leave = entries.leave.copy()
    noticed = random.random(len(rows)) < 0.5
    leave[rows[noticed]] = when[noticed]
    new = replace(moved, regency=to, village=village.astype("U13"), join=when)
    return replace(entries, leave=leave).plus(new)


def also_in(
    random: np.random.Generator, source: Registry, share: float, payer: str
) -> Registry:
    """The same persons for a second list, with another payer."""
    rows = np.flatnonzero((random.random(len(source.person)) < share) & (
        source.leave == NEVER
    ))  # fmt: skip
    _, first = np.unique(source.person[rows], return_index=True)
    second = source.take(rows[np.sort(first)])
    return replace(second, payer=np.full(len(first), payer, dtype=source.payer.dtype))
