"""BPJS memberships: who is insured in which segment, and how well it is paid."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from cakupan.demo import words
from cakupan.demo.people import Array, digits, pick
from cakupan.demo.registries import NEVER

GONE_AFTER = 9  # months without payment after which the extract drops a membership


@dataclass(frozen=True, slots=True)
class Memberships:
    """Memberships as columns of equal length. Months are counted from year 0.

    Attributes:
        person: index into the population.
        shown_as: person whose name and birth date the extract gives.
        segment: PU, BPU, JAKON or PMI.
        payer: ``sumber_iuran``.
        jht, jp, jkp: programmes beside JKK and JKM, which all have.
        start: month of registration.
        lag: months the payer is behind, ahead when negative.
        stop: last month paid at all, ``NEVER`` if paying goes on.
        company: index of a company, -1 if none.
        wage: rupiah per month.
        luck: a draw in 0..1 for small defects, the same every month.
    """

    person: Array
    shown_as: Array
    segment: Array
    payer: Array
    jht: Array
    jp: Array
    jkp: Array
    start: Array
    lag: Array
    stop: Array
    company: Array
    wage: Array
    luck: Array

    def at(self, month: int) -> tuple[Memberships, Array, Array]:
        """Memberships in the extract of a month, their number and last paid month."""
        paid = np.maximum(np.minimum(month - self.lag, self.stop), self.start)
        here = (self.start <= month) & (month - paid <= GONE_AFTER)
        rows = np.flatnonzero(here)
        return self.take(rows), rows, paid[rows]

    def take(self, rows: Array) -> Memberships:
        """Those memberships, in that order."""
        return Memberships(
            **{f.name: getattr(self, f.name)[rows] for f in fields(self)}
        )

    def kpj(self) -> Array:
        """Eleven digits each, distinct: year of registration and a running number."""
        year = digits(self.start // 12 % 100, 2)
        return np.char.add(year, digits(np.arange(1, len(self.person) + 1), 9))


def block(
    random: np.random.Generator,
    person: Array,
    segment: str,
    payer: str | Array,
    *,
    months: tuple[int, ...],
    shares: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> Memberships:
    """Memberships of one kind; ``shares`` of them have JHT, JP and JKP."""
    rows = len(person)
    recent = random.random(rows) < 0.1
    start = np.where(
        recent,
        random.integers(months[0] - 5, months[-1] + 1, rows),
        random.integers(months[0] - 60, months[0] - 6, rows),
    )
    draw = random.random(rows)
    lag = np.select([draw < 0.05, draw < 0.08, draw > 0.95], [1, 2, -2], 0)
    stops = random.random(rows) < 0.13
    stop = random.integers(months[0] - 8, months[-1] + 1, rows)
    has_company = segment in {"PU", "JAKON"}
    return Memberships(
        person=person,
        shown_as=person,
        segment=np.full(rows, segment, dtype="U5"),
        payer=np.full(rows, payer, dtype="U10") if isinstance(payer, str) else payer,
        jht=random.random(rows) < shares[0],
        jp=random.random(rows) < shares[1],
        jkp=random.random(rows) < shares[2],
        start=start,
        lag=lag,
        stop=np.where(stops, stop, NEVER),
        company=random.integers(0, 40 * len(words.COMPANIES), rows)
        if has_company
        else np.full(rows, -1),
        wage=random.integers(68, 160, rows) * 50_000
        if segment == "PU"
        else np.full(rows, 1_000_000),
        luck=random.random(rows),
    )


def joined(parts: list[Memberships]) -> Memberships:
    """Several blocks as one."""
    return Memberships(
        **{
            f.name: np.concatenate([getattr(part, f.name) for part in parts])
            for f in fields(Memberships)
        }
    )


def some(random: np.random.Generator, person: Array, share: float) -> Array:
    """A share of persons."""
    return person[random.random(len(person)) < share]


def with_conflicts(
    random: np.random.Generator, all_of_them: Memberships, share: float
) -> Memberships:
    """Some memberships carry a NIK that belongs to somebody else."""
    values = {f.name: getattr(all_of_them, f.name) for f in fields(Memberships)}
    shown = values["person"].copy()
    rows = np.flatnonzero(random.random(len(shown)) < share)
    shown[rows] = pick(random, shown, len(rows))
    return Memberships(**{**values, "shown_as": shown})
