"""The matching engine as the monthly job uses it."""

from __future__ import annotations

import datetime as dt
import logging
import re

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from cakupan.core.nik import contradicted_parts
from cakupan.matching.blocks import Candidates
from cakupan.matching.engine import link
from cakupan.reconcile.linking import PAIRS, Leftover

logger = logging.getLogger(__name__)

_BY_NUMBER = frozenset({"nik_near", "kpj_equal"})
_ALIKE_NAME = re.compile(r"name=(equal|close):\d")
_SAME_PERSON = re.compile(r"name=equal:\d+;(.*;)?birth_date=equal(;|$)")
_PROVEN_WRONG = 2


def engine_linker(
    connection: duckdb.DuckDBPyConnection, leftover: Leftover
) -> pa.Table:
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
    doubtful = doubtful.filter(
        pc.greater_equal(doubtful.column("probability"), leftover.doubtful)
    )
    never = pa.array([False] * doubtful.num_rows, pa.bool_())
    parts = [
        linked.append_column("is_link", automatic),
        doubtful.append_column("is_link", never),
    ]
    return (
        pa.concat_tables(parts)
        .rename_columns(PAIRS.names)
        .sort_by([("entry_id", "ascending"), ("participant_id", "ascending")])
    )


def _below_equal(table: pa.Table) -> pa.Table:
    """Pairs of the rungs below the equal NIK."""
    above = pc.is_in(table.column("rule"), pa.array(["nik_equal", "nik_conflict"]))
    columns = ["left_id", "right_id", "rule", "probability", "evidence"]
    return table.filter(pc.invert(above)).select(columns)


def _is_automatic(table: pa.Table, leftover: Leftover) -> pa.Array:
    """Whether a likely pair is a link without a steward.

    One side without NIK, an equal KPJ, and numbers one edit apart with birth date and
    name alike. Two other NIKs that differ only where one of them is proven wrong: it
    contradicts the birth date of its own row, the other one does not, and name and
    birth date are the same on both sides.
    """
    said = table.column("evidence").to_pylist()
    rules = table.column("rule").to_pylist()
    entries = _identities(leftover.entries)
    participants = _identities(leftover.participants)
    found = [
        rule in _BY_NUMBER
        or "nik=missing" in words
        or _is_near(words)
        or (
            _SAME_PERSON.match(words) is not None
            and _is_one_wrong(entries[left], participants[right])
        )
        for rule, words, left, right in zip(
            rules,
            said,
            table.column("left_id").to_pylist(),
            table.column("right_id").to_pylist(),
            strict=True,
        )
    ]
    return pa.array(found, pa.bool_())


def _is_near(words: str) -> bool:
    """One edit between the numbers, the names alike, the birth dates not unlike."""
    return (
        "nik=one_edit" in words
        and "unlike" not in words
        and _ALIKE_NAME.match(words) is not None
        and "birth_date=year_equal" not in words
        and "birth_date=different" not in words
    )


def _identities(people: pa.Table) -> dict[str, tuple[str | None, str | None]]:
    return {
        row["id"]: (row["nik"], row["birth_date"])
        for row in people.select(["id", "nik", "birth_date"]).to_pylist()
    }


def _is_one_wrong(
    one: tuple[str | None, str | None], other: tuple[str | None, str | None]
) -> bool:
    """Whether exactly one NIK is another than the birth date of its row allows."""
    parts = sorted(_contradicted(*side) for side in (one, other))
    return parts[0] == 0 and parts[1] >= _PROVEN_WRONG


def _contradicted(nik: str | None, birth_date: str | None) -> int:
    if nik is None or birth_date is None:
        return 0
    return contradicted_parts(nik, dt.date.fromisoformat(birth_date))
