"""A proposal: whom a budget of one payer can protect, for how long, and who waits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cakupan.core import areas
from cakupan.core.area import AreaCode
from cakupan.core.errors import InvariantBroken, UsageError
from cakupan.core.month import CoverageMonth
from cakupan.rosters.candidates import REASONS, Candidates, read_candidates
from cakupan.rosters.choice import Choice, choose
from cakupan.rosters.costs import PeriodCost, period_cost
from cakupan.rosters.priority import Priority, load_priority


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked.

    Attributes:
        area: who proposes; of any level.
        month: coverage month whose data say who is protected.
        payer: who is to pay.
        start: first month paid for.
        months: how many months.
        budget_rupiah: whole rupiah.
    """

    area: AreaCode
    month: CoverageMonth
    payer: str
    start: CoverageMonth
    months: int
    budget_rupiah: int

    @property
    def end(self) -> CoverageMonth:
        """Last month paid for."""
        return self.start.plus(self.months - 1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The answer; people by pseudonym only."""

    terms: Terms
    priority: Priority
    cost: PeriodCost
    candidates: Candidates
    choice: Choice


def propose(engine: sa.Engine, terms: Terms) -> Proposal:
    """Choose whom the budget covers. Reads no name.

    Raises:
        UsageError: the area is not known, the budget negative, the payer pays for
            nobody else, or the month has nothing to choose from.
        ConfigurationError: the rate of a month is not known, or the order is wrong.
        InvariantBroken: the figures do not add up.
    """
    if not areas.is_known(terms.area.code):
        raise UsageError(
            "AREA_UNKNOWN", "There is no such area.", "mart.areas lists them."
        )
    if terms.budget_rupiah < 0:
        raise UsageError("BUDGET_INVALID", "The budget is negative.", "Give rupiah.")
    priority = load_priority(terms.area.code[:2])
    cost = period_cost(terms.payer, terms.start, terms.months)
    found = read_candidates(engine, terms.month, terms.area, terms.payer, priority)
    choice = choose(found.people, cost.by_class, terms.budget_rupiah, priority)
    counted = len(choice.covered) + choice.uncovered_count
    if (
        counted != len(found.people)
        or choice.total_rupiah + choice.left_rupiah != terms.budget_rupiah
        or choice.left_rupiah < 0
    ):
        raise InvariantBroken(
            "PROPOSAL_UNBALANCED", "The proposal does not add up.", "Nothing was made."
        )
    return Proposal(terms, priority, cost, found, choice)


def summary(proposal: Proposal) -> dict[str, Any]:
    """Counts and rupiah of a proposal, without any person.

    ``registered_count`` = ``covered_count`` + ``uncovered_count`` + persons of all
    ``excluded`` reasons; ``total_rupiah`` + ``left_rupiah`` = ``budget_rupiah``.
    """
    terms, choice = proposal.terms, proposal.choice
    return {
        "area_code": terms.area.code,
        "area_name": areas.name_of(terms.area.code),
        "coverage_month": str(terms.month),
        "inputs_hash": proposal.candidates.inputs_hash,
        "payer": terms.payer,
        "start_month": str(terms.start),
        "end_month": str(terms.end),
        "month_count": terms.months,
        "budget_rupiah": terms.budget_rupiah,
        "registered_count": proposal.candidates.registered_count,
        "candidate_count": len(proposal.candidates.people),
        "covered_count": len(choice.covered),
        "total_rupiah": choice.total_rupiah,
        "left_rupiah": choice.left_rupiah,
        "uncovered_count": choice.uncovered_count,
        "uncovered_rupiah": choice.uncovered_rupiah,
        "order": proposal.priority.as_text(),
        "excluded": [
            {"reason": name, "text": REASONS[name], "person_count": count}
            for name, count in proposal.candidates.excluded.items()
        ],
        "rates": [
            {
                "month": str(one.month),
                **{f"{name}_rupiah": one.by_class[name] for name in one.by_class},
            }
            for one in proposal.cost.months
        ],
        "areas": by_area(proposal),
        "notes": notes(proposal),
    }


def by_area(proposal: Proposal) -> list[dict[str, Any]]:
    """Candidates, persons covered and rupiah per regency, in the order of the codes."""
    people = Counter(one.area_code for one in proposal.candidates.people)
    covered = Counter(one.candidate.area_code for one in proposal.choice.covered)
    rupiah: Counter[str] = Counter()
    for one in proposal.choice.covered:
        rupiah[one.candidate.area_code] += one.rupiah
    return [
        {
            "area_code": code,
            "name": areas.name_of(code) or code,
            "candidate_count": people[code],
            "covered_count": covered[code],
            "total_rupiah": rupiah[code],
        }
        for code in sorted(people)
    ]


def notes(proposal: Proposal) -> list[str]:
    """What the reader has to be told, Indonesian."""
    told = list(proposal.cost.notes)
    unknown = proposal.candidates.excluded.get("state_unknown", 0)
    if unknown:
        told.append(
            f"{unknown} orang tidak diusulkan karena wilayahnya belum ada data BPJS "
            f"bulan {proposal.terms.month.in_words}"
        )
    reaching = sum(
        one.candidate.is_reaching_age_limit for one in proposal.choice.covered
    )
    if reaching:
        told.append(
            f"{reaching} orang dalam usulan melewati batas umur dalam enam bulan "
            f"setelah {proposal.terms.month.in_words}: periksa jumlah bulannya"
        )
    if proposal.terms.start <= proposal.terms.month:
        told.append(
            "bulan pertama yang dibayar tidak sesudah bulan data: iuran bulan yang "
            "lewat mungkin tidak diterima"
        )
    return told
