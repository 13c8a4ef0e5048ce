"""The matching engine as the monthly job uses it."""

from __future__ import annotations

import datetime as dt
import logging
import re

import pyarrow as pa
import pyarrow.compute as pc

from cakupan.core.engine import Session
from cakupan.core.nik import contradicted_parts
from cakupan.matching.blocks import Candidates
from cakupan.matching.engine import link
from cakupan.reconcile.linking import PAIRS, Leftover

logger = logging.getLogger(__name__)

_BY_NUMBER = frozenset({"nik_near", "kpj_equal"})
_ALIKE_NAME = re.compile(r"name=(equal|close):\d")
_SAME_NAME = re.compile(r"name=equal:\d+;")
_SAME_DAY = re.compile(r"birth_date=(equal|missing)")
_OTHER_DAY = re.compile(r"birth_date=(year_equal|different)")
_PROVEN_WRONG = 2
_DIGITS = 5  # as core.links keeps them


def engine_linker(connection: Session, leftover: Leftover) -> pa.Table:
    """Weigh the pairs of a month; see :class:`cakupan.reconcile.linking.Linker`.

    Pairs of equal NIK are there for the engine to learn from and are no result.
    """
    found = link(
        connection,
        leftover.entries,
        leftover.participants,
        threshold=leftover.threshold,
        candidates=Candidates(leftover.pairs, leftover.picked_from),
    )
    for warning in found.report.warnings:
        # without names or birth dates hardly anybody can be told apart
        is_grave = warning.startswith(("name:", "birth_date:"))
        level = logging.WARNING if is_grave else logging.INFO
        logger.log(level, "linkage: %s", warning)
    # the engine links nobody twice, so what the rungs leave to a steward frees nobody
    linked = _below_equal(found.links)
    automatic = _is_automatic(linked, leftover)
    doubtful = _below_equal(found.doubtful)
    doubtful = doubtful.filter(_waits(doubtful, leftover))
    never = pa.array([False] * doubtful.num_rows, pa.bool_())
    parts = [
        linked.append_column("is_link", automatic),
        doubtful.append_column("is_link", never),
    ]
    found_pairs = pa.concat_tables(parts)
    # a binary fraction becomes a decimal one here: every engine of SQL rounds its own way
    rounded = pc.round(found_pairs.column("probability"), _DIGITS)
    place = found_pairs.schema.get_field_index("probability")
    return (
        found_pairs.set_column(place, "probability", rounded)
        .select(PAIRS.names)
        .sort_by([("left_id", "ascending"), ("right_id", "ascending")])
    )


def _below_equal(table: pa.Table) -> pa.Table:
    """Pairs of the rungs below the equal NIK."""
    above = pc.is_in(table.column("rule"), pa.array(["nik_equal", "nik_conflict"]))
    columns = ["left_id", "right_id", "rule", "probability", "evidence"]
    return table.filter(pc.invert(above)).select(columns)


def _waits(table: pa.Table, leftover: Leftover) -> pa.Array:
    """Whether a pair that is no link is shown to a steward.

    One that is likely; and those of an entry that surely is one of a few participants,
    as when BPJS has the same person under two KPJs: none of them is likely alone.
    """
    chance = table.column("probability").to_pylist()
    entries = table.column("left_id").to_pylist()
    sums: dict[str, float] = {}
    for entry, one in zip(entries, chance, strict=True):
        sums[entry] = sums.get(entry, 0.0) + one
    found = [
        one >= leftover.doubtful
        or (one >= leftover.rival and sums[entry] >= leftover.threshold)
        for entry, one in zip(entries, chance, strict=True)
    ]
    return pa.array(found, pa.bool_())


def _is_automatic(table: pa.Table, leftover: Leftover) -> pa.Array:
    """Whether a likely pair is a link without a steward.

    One side without NIK, an equal KPJ, and numbers one edit apart with names alike and
    birth dates alike; where the dates are not the same, one of the rows has to
    contradict itself: two rows that each fit their own number are two persons. Two
    other NIKs that differ only where one of them is proven wrong: it contradicts the
    birth date of its own row, the other one does not, and name and birth date are the
    same on both sides.
    """
    entries = _contradictions(leftover.entries)
    participants = _contradictions(leftover.participants)
    found = [
        rule in _BY_NUMBER
        or "nik=missing" in words
        or _is_near(words, entries[left] + participants[right])
        or _is_one_wrong(words, entries[left], participants[right])
        for rule, words, left, right in zip(
            *(
                table.column(name).to_pylist()
                for name in ("rule", "evidence", "left_id", "right_id")
            ),
            strict=True,
        )
    ]
    return pa.array(found, pa.bool_())


def _is_near(words: str, contradictions: int) -> bool:
    """One edit between the numbers, the names alike, and a slip in the date at most."""
    return (
        "nik=one_edit" in words
        and "unlike" not in words
        and _ALIKE_NAME.match(words) is not None
        and _OTHER_DAY.search(words) is None
        and (_SAME_DAY.search(words) is not None or contradictions > 0)
    )


def _is_one_wrong(words: str, left: int, right: int) -> bool:
    """The same person but for the NIK, and exactly one is not of that birth date."""
    return (
        _SAME_NAME.match(words) is not None
        and "birth_date=equal" in words
        and min(left, right) == 0
        and max(left, right) >= _PROVEN_WRONG
    )


def _contradictions(people: pa.Table) -> dict[str, int]:
    """Per id, in how many parts NIK and birth date contradict each other."""
    return {
        row["id"]: 0
        if row["nik"] is None or row["birth_date"] is None
        else contradicted_parts(row["nik"], dt.date.fromisoformat(row["birth_date"]))
        for row in people.select(["id", "nik", "birth_date"]).to_pylist()
    }
