"""Whom a budget covers: pure, by pseudonym, whatever the order of the rows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cakupan.rosters.priority import Priority


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be proposed.

    Attributes:
        person_id: pseudonym.
        area_code: regency that has the person (the province where its list does and
            the village is not known).
        village_code: where known.
        occupation: as the list states it.
        age_years: at the end of the month.
        since: start by the list, else registration with BPJS.
        state: ``grace_2``, ``grace_1``, ``lapsed`` or ``not_enrolled``.
        sector_class: ``transport`` or ``other``, for the rate.
        is_reaching_age_limit: passes the limit within the horizon of the warnings.
        registration_status: ``ditetapkan`` or ``terverifikasi``.
    """

    person_id: uuid.UUID
    area_code: str
    village_code: str | None
    occupation: str | None
    age_years: int | None
    since: dt.date | None
    state: str
    sector_class: str
    is_reaching_age_limit: bool
    registration_status: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A candidate the budget covers, and the rupiah of the whole period."""

    candidate: Candidate
    rupiah: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What a budget covers.

    Attributes:
        covered: in order of priority.
        left_rupiah: of the budget.
        uncovered_count: candidates behind the last one covered.
        uncovered_rupiah: what they would cost.
    """

    covered: tuple[Proposed, ...]
    left_rupiah: int
    uncovered_count: int
    uncovered_rupiah: int

    @property
    def total_rupiah(self) -> int:
        """Of everybody covered."""
        return sum(one.rupiah for one in self.covered)


def choose(
    candidates: Iterable[Candidate],
    rupiah_by_class: Mapping[str, int],
    budget_rupiah: int,
    priority: Priority,
) -> Choice:
    """Cover candidates in order until the next one does not fit.

    Nobody is passed over for a cheaper one behind: so more money only ever adds people,
    and the list is what the order says.

    Args:
        candidates: each person once, in any order.
        rupiah_by_class: cost of the whole period per sector class.
        budget_rupiah: whole rupiah.
        priority: the order.
    """
    ranked = sorted(candidates, key=lambda one: rank(one, priority))
    covered: list[Proposed] = []
    left = budget_rupiah
    for one in ranked:
        cost = rupiah_by_class[one.sector_class]
        if cost > left:
            break
        covered.append(Proposed(one, cost))
        left -= cost
    behind = ranked[len(covered) :]
    return Choice(
        covered=tuple(covered),
        left_rupiah=left,
        uncovered_count=len(behind),
        uncovered_rupiah=sum(rupiah_by_class[one.sector_class] for one in behind),
    )


def rank(one: Candidate, priority: Priority) -> tuple[int | bytes, ...]:
    """Sort key: smaller comes first; never equal for two persons."""
    age = one.age_years or 0
    day = one.since.toordinal() if one.since is not None else 0
    # what is not known comes after everything known
    keys: dict[str, tuple[int, int]] = {
        "state": (priority.states.index(one.state), 0),
        "profession": (int(priority.profession_of(one.occupation) is None), 0),
        "age": (
            int(one.age_years is None),
            -age if priority.is_oldest_first else age,
        ),
        "since": (
            int(one.since is None),
            day if priority.is_earliest_first else -day,
        ),
    }
    return (
        *(part for name in priority.order for part in keys[name]),
        one.person_id.bytes,
    )
