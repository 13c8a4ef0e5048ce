"""The matching engine as the monthly job uses it."""

from __future__ import annotations

import logging

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from cakupan.matching.blocks import Candidates
from cakupan.matching.engine import link
from cakupan.reconcile.linking import PAIRS, Leftover

logger = logging.getLogger(__name__)


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
    automatic = _is_automatic(linked)
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


def _is_automatic(table: pa.Table) -> pa.ChunkedArray:
    """Two usable NIKs that differ are a link only on the rung of the near NIK."""
    by_number = pc.is_in(table.column("rule"), pa.array(["nik_near", "kpj_equal"]))
    without = pc.match_substring(table.column("evidence"), "nik=missing")
    return pc.or_(by_number, without)
