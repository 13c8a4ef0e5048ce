"""Participation as validity ranges: any order of months, corrections, who left.

The expected ranges come from a plain walk over the snapshots, month by month.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cakupan.core import slices
from cakupan.core.context import Context
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings
from cakupan.core.store.base import ObjectStore
from cakupan.warehouse.load import load_month
from integration.warehouse_month import person, write_month

MONTHS = tuple(CoverageMonth(2026, number) for number in (6, 7, 8, 9))
HERE, THERE = "64.02", "64.03"

#: What a month says: areas with an extract; area and payer by person.
Snapshot = tuple[tuple[str, ...], dict[int, tuple[str, str]]]
Range = tuple[int, str, str, str, str | None]


class NoStore:
    """Loading reads a local folder only."""


@pytest.fixture
def context(settings: Settings, engine: sa.Engine) -> Context:
    store: ObjectStore = NoStore()  # type: ignore[assignment]
    return Context(settings, store, engine)


def load(
    context: Context,
    folder: Path,
    month: CoverageMonth,
    snapshot: Snapshot,
    **more: Any,
) -> None:
    areas, people = snapshot
    rows = [
        {"person_id": person(number), "membership_id": person(number + 1000),
         "area_code": area, "payer": payer, **more}
        for number, (area, payer) in people.items()
    ]  # fmt: skip
    names = dict.fromkeys(people, "Contoh")
    write_month(folder, month, names, participation=rows)
    generation = slices.claim(context.engine, "64", month, "warehouse")
    load_month(context, "64", month, generation, "h", folder, areas)


def ranges(context: Context, known_at: dt.datetime | None = None) -> list[Range]:
    """The history as somebody knew it; as known now without a moment."""
    query = """
        select membership_id, area_code, payer, valid_from::text, valid_to::text
        from core.participation_history
        where
            known_from_at <= coalesce(:at, 'infinity')
            and (known_to_at is null or known_to_at > :at)
    """
    bound = sa.text(query).bindparams(
        sa.bindparam("at", known_at, sa.DateTime(timezone=True))
    )
    with context.engine.connect() as connection:
        return sorted(
            (row[0].int - person(1000).int, *row[1:])
            for row in connection.execute(bound)
        )


def expected(snapshots: dict[CoverageMonth, Snapshot]) -> list[Range]:
    """A plain walk: what each month with an extract says of each person."""
    months = sorted(snapshots)

    def covered(area: str) -> list[CoverageMonth]:
        return [m for m in months if {area, "64"} & set(snapshots[m][0])]

    found: list[Range] = []
    for number in sorted({n for _, people in snapshots.values() for n in people}):
        runs: list[list[Any]] = []
        for month in (m for m in months if number in snapshots[m][1]):
            state = snapshots[month][1][number]
            between = [m for m in covered(state[0]) if runs and runs[-1][2] < m < month]
            if runs and runs[-1][0] == state and not between:
                runs[-1][2] = month
            else:
                runs.append([state, month, month])
        for place, (state, first, last) in enumerate(runs):
            is_open = place == len(runs) - 1 and covered(state[0])[-1] <= last
            ended = None if is_open else str(last.first_day)
            found.append((number, *state, str(first.first_day), ended))
    return sorted(found)


PLAIN: dict[CoverageMonth, Snapshot] = {
    MONTHS[0]: (("64",), {1: (HERE, "mandiri"), 2: (HERE, "mandiri")}),
    MONTHS[1]: (("64",), {1: (HERE, "mandiri"), 3: (THERE, "csr")}),
    MONTHS[2]: (("64",), {1: (HERE, "apbd_kab"), 2: (HERE, "mandiri"),
                          3: (THERE, "csr")}),
}  # fmt: skip


def test_ranges_of_three_months_in_every_order(
    context: Context, tmp_path: Path
) -> None:
    wanted = [
        (1, HERE, "apbd_kab", "2026-08-01", None),
        (1, HERE, "mandiri", "2026-06-01", "2026-07-01"),
        (2, HERE, "mandiri", "2026-06-01", "2026-06-01"),
        (2, HERE, "mandiri", "2026-08-01", None),
        (3, THERE, "csr", "2026-07-01", None),
    ]
    assert expected(PLAIN) == wanted
    for number, order in enumerate(itertools.permutations(PLAIN)):
        _forget(context)
        for month in (*order, order[1]):
            load(context, tmp_path / f"{number}-{month}", month, PLAIN[month])
        assert ranges(context) == wanted, order


def _forget(context: Context) -> None:
    with context.engine.begin() as connection:
        for table in ("history", "snapshots"):
            connection.execute(sa.text(f"truncate core.participation_{table}"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_random_corrections_and_extracts_of_some_areas(
    context: Context, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    now: dict[CoverageMonth, Snapshot] = {}
    for step in range(9):
        month = chance.choice(MONTHS)
        areas = chance.choice([("64",), (HERE,), (THERE,), (HERE, THERE), ()])
        within = [area for area in (HERE, THERE) if {area, "64"} & set(areas)]
        people = {
            number: (chance.choice(within), chance.choice(["mandiri", "csr"]))
            for number in range(1, 7)
            if within and chance.random() < 0.7
        }
        now[month] = (areas, people)
        load(context, tmp_path / f"{step}", month, now[month])
        told = {m: snapshot for m, snapshot in now.items() if snapshot[0]}
        assert ranges(context) == expected(told), (step, month, areas)


def test_as_known_before_a_correction(context: Context, tmp_path: Path) -> None:
    for month, snapshot in PLAIN.items():
        load(context, tmp_path / str(month), month, snapshot)
    before = ranges(context)
    with context.engine.connect() as connection:
        moment = connection.scalar(sa.text("select clock_timestamp()"))
        count = connection.scalar(
            sa.text("select count(*) from core.participation_history")
        )
    corrected = (("64",), {**PLAIN[MONTHS[1]][1], 2: (HERE, "mandiri")})
    load(context, tmp_path / "again", MONTHS[1], corrected)
    assert ranges(context) == expected({**PLAIN, MONTHS[1]: corrected})
    assert ranges(context) != before
    assert ranges(context, moment) == before
    # one range instead of two; nobody else's history was written
    with context.engine.connect() as connection:
        assert (
            connection.scalar(
                sa.text("select count(*) from core.participation_history")
            )
            == count + 1
        )


def test_who_is_not_in_the_next_snapshot(context: Context, tmp_path: Path) -> None:
    load(context, tmp_path / "6", MONTHS[0], PLAIN[MONTHS[0]], period_status="posting")
    query = sa.text(
        "select membership_id, coverage_month::text, previous_month::text, area_code, "
        "previous_payer, worker_groups, has_other_membership, is_final "
        "from core.departures"
    )

    def departed() -> list[tuple[Any, ...]]:
        with context.engine.connect() as connection:
            return [
                (row[0].int - person(1000).int, *row[1:])
                for row in connection.execute(query)
            ]

    assert departed() == []
    load(context, tmp_path / "7", MONTHS[1], PLAIN[MONTHS[1]], period_status="draft")
    gone = (2, "2026-07-01", "2026-06-01", HERE, "mandiri", "rt_rw", False)
    assert departed() == [(*gone, False)]
    load(context, tmp_path / "p", MONTHS[1], PLAIN[MONTHS[1]], period_status="posting")
    assert departed() == [(*gone, True)]
    # an extract of another regency says nothing of this one
    load(context, tmp_path / "r", MONTHS[1], ((THERE,), {3: (THERE, "csr")}))
    assert departed() == []
