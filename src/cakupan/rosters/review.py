"""The review queue: pairs in doubt, both sides for a steward, and what was decided.

Every function takes who asks (:class:`~cakupan.rosters.vault.Steward`) and the area the
asker may see, so that a command and a page share them. Without the steward's right
nothing is read; reading names leaves an entry in ``vault.access_log``.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from cakupan.core.area import AreaCode
from cakupan.core.database import database_errors
from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.schema.core import review_pairs
from cakupan.core.schema.vault import review_decisions, review_records
from cakupan.rosters.vault import Steward, connected, log_reading

DECISIONS = ("same", "different", "unsure")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair in doubt, or decided; nothing personal.

    Attributes:
        pair_id: the same from month to month.
        area_code: who registered the person.
        worker_group: of that list.
        link_rule: ``nik_conflict``, ``nik_near``, ``kpj_equal``, ``probabilistic``, or
            ``steward`` once a run used what was decided.
        probability: of being one person, 0 to 1.
        evidence: agreement per field, without values.
        decision: the last one, ``None`` when nobody decided.
        decided_by: who decided last.
        decided_at: when, UTC.
    """

    pair_id: uuid.UUID
    area_code: str
    worker_group: str
    link_rule: str
    probability: float
    evidence: str
    decision: str | None
    decided_by: str | None
    decided_at: dt.datetime | None

    @property
    def is_open(self) -> bool:
        """Whether a decision is still wanted."""
        return self.decision in {None, "unsure"}


@dataclass(frozen=True, slots=True, repr=False)
class Side:
    """How one file tells the person; never shown, so it has no text form."""

    area_code: str
    nik: str | None
    kpj: str | None
    name: str | None
    birth_date: dt.date | None
    sex: str | None
    village_code: str | None
    address: str | None


@dataclass(frozen=True, slots=True, repr=False)
class BothSides:
    """The entry of the list and the row of the extract."""

    listed: Side
    insured: Side


def list_pairs(
    steward: Steward, month: CoverageMonth, scope: AreaCode, *, only_open: bool = True
) -> tuple[Pair, ...]:
    """The queue of a month, the most likely pairs first.

    Args:
        steward: who asks.
        month: coverage month.
        scope: pairs registered by this area and those within it.
        only_open: leave out what is decided.

    Raises:
        UsageError: the login has no steward's right.
        OperationalError: the database is away.
    """
    with database_errors(), connected(steward) as connection:
        rows = connection.execute(_queue(month, scope)).mappings().all()
    found = (Pair(**row) for row in rows)
    return tuple(pair for pair in found if pair.is_open or not only_open)


def _queue(month: CoverageMonth, scope: AreaCode) -> sa.Select[Any]:
    latest = (
        sa.select(review_decisions)
        .ext(distinct_on(review_decisions.c.pair_id))
        .where(review_decisions.c.province_code == scope.code[:2])
        .where(review_decisions.c.coverage_month <= month.first_day)
        .order_by(review_decisions.c.pair_id, review_decisions.c.decision_id.desc())
        .subquery()
    )
    table = review_pairs
    return (
        sa.select(
            table.c.pair_id,
            table.c.area_code,
            table.c.worker_group,
            table.c.link_rule,
            sa.cast(table.c.probability, sa.Double).label("probability"),
            table.c.evidence,
            latest.c.decision,
            latest.c.decided_by,
            latest.c.decided_at,
        )
        .outerjoin(latest, latest.c.pair_id == table.c.pair_id)
        .where(table.c.province_code == scope.code[:2])
        .where(table.c.coverage_month == month.first_day)
        .where(
            sa.or_(
                table.c.area_code == scope.code,
                sa.func.starts_with(table.c.area_code, scope.code + "."),
            )
        )
        .order_by(table.c.probability.desc(), table.c.pair_id)
    )


def read_sides(
    steward: Steward,
    month: CoverageMonth,
    scope: AreaCode,
    wanted: Collection[uuid.UUID],
    purpose: str,
) -> Mapping[uuid.UUID, BothSides]:
    """Both sides of some pairs, with an entry in ``vault.access_log``.

    The entry and the reading are one transaction: without the entry nothing is given
    out.

    Args:
        steward: who asks.
        month: coverage month.
        scope: area the asker may see.
        wanted: pairs of its queue.
        purpose: what for, without any personal value.

    Raises:
        UsageError: no steward's right, or a pair is not in the queue of the scope.
        OperationalError: the database is away.
    """
    _check_known(wanted, list_pairs(steward, month, scope, only_open=False))
    table = review_records
    columns = (
        table.c.area_code,
        table.c.nik,
        table.c.kpj,
        table.c.name,
        table.c.birth_date,
        table.c.sex,
        table.c.village_code,
        table.c.address,
    )
    sides: dict[tuple[uuid.UUID, str], Side] = {}
    with database_errors(), connected(steward) as connection:
        rows = connection.execute(
            sa.select(table.c.pair_id, table.c.side, *columns)
            .where(table.c.province_code == scope.code[:2])
            .where(table.c.coverage_month == month.first_day)
            .where(table.c.pair_id == sa.any_(sa.literal(sorted(set(wanted)), _IDS)))
        )
        for pair_id, side, *values in rows:
            sides[pair_id, side] = Side(*values)
        log_reading(connection, purpose, len(sides))
        connection.commit()
    return {
        pair_id: BothSides(sides[pair_id, "daftar"], sides[pair_id, "bpjs"])
        for pair_id in wanted
    }


_IDS = sa.ARRAY(sa.Uuid)


def decide(
    steward: Steward,
    month: CoverageMonth,
    scope: AreaCode,
    decisions: Mapping[uuid.UUID, str],
    decided_by: str,
) -> int:
    """Store decisions; the last one about a pair holds, from this month on.

    All are stored or none. A decision that says what already holds is not stored again,
    so the same workbook may be imported twice.

    Args:
        steward: who asks.
        month: coverage month whose queue was looked at.
        scope: area the asker may decide for.
        decisions: one of :data:`DECISIONS` per pair.
        decided_by: the person who decides, as the office knows them.

    Returns:
        Decisions stored.

    Raises:
        UsageError: no steward's right, an unknown decision, nobody named, or a pair
            that is not in the queue of the scope.
        OperationalError: the database is away.
    """
    name = " ".join(decided_by.split())
    if not name or len(name) > _LONGEST_NAME:
        raise UsageError(
            "REVIEW_BY_MISSING",
            f"Say who decides, in 1 to {_LONGEST_NAME} characters.",
            "cakupan review decide … --by NAME",
        )
    for decision in decisions.values():
        if decision not in DECISIONS:
            raise UsageError(
                "REVIEW_DECISION_UNKNOWN",
                "A decision is one of same, different, unsure.",
                "In a workbook: sama, beda, ragu.",
            )
    queue = {p.pair_id: p for p in list_pairs(steward, month, scope, only_open=False)}
    _check_known(decisions, queue.values())
    news = {
        pair_id: decision
        for pair_id, decision in sorted(decisions.items())
        if queue[pair_id].decision != decision
    }
    if news:
        with database_errors(), connected(steward) as connection:
            connection.execute(_insert(month, scope, name), _rows(news))
            connection.commit()
    return len(news)


def _rows(decisions: Mapping[uuid.UUID, str]) -> list[dict[str, object]]:
    return [
        {"wanted": pair_id, "made": decision} for pair_id, decision in decisions.items()
    ]


def _insert(month: CoverageMonth, scope: AreaCode, name: str) -> sa.Insert:
    table = review_pairs
    chosen = (
        sa.select(
            table.c.province_code,
            table.c.coverage_month,
            table.c.pair_id,
            table.c.person_id,
            table.c.other_id,
            sa.bindparam("made", type_=sa.Text),
            sa.literal(name),
            sa.literal_column("current_user"),
            sa.func.clock_timestamp(),
        )
        .where(table.c.province_code == scope.code[:2])
        .where(table.c.coverage_month == month.first_day)
        .where(table.c.pair_id == sa.bindparam("wanted", type_=sa.Uuid))
    )
    columns = [
        "province_code",
        "coverage_month",
        "pair_id",
        "person_id",
        "other_id",
        "decision",
        "decided_by",
        "role_name",
        "decided_at",
    ]
    return sa.insert(review_decisions).from_select(columns, chosen)


def _check_known(wanted: Collection[uuid.UUID], known: Collection[Pair]) -> None:
    missing = set(wanted) - {pair.pair_id for pair in known}
    if missing:
        raise UsageError(
            "REVIEW_PAIR_UNKNOWN",
            f"{len(missing)} pairs are not in the queue of this month and area, "
            f"the first is {min(missing)}.",
            "`cakupan review list --month YYYY-MM --area CODE` lists them.",
        )
