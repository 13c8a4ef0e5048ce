"""The rungs below the equal NIK: what is left over goes to the matching engine.

Only persons no equal NIK finds, and rows quarantined for their NIK, are compared, and
only with participants who are in no list by NIK. Which pairs are worth comparing is
decided by SQL here; how likely each is one person, by the engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import pyarrow as pa
import yaml

from cakupan.core.engine import Session
from cakupan.core.lake import run_sql
from cakupan.core.resources import include
from cakupan.reconcile.tables import STAGE

#: What a linker returns: one row per pair it links or leaves in doubt.
PAIRS = pa.schema(
    [
        ("left_id", pa.string()),
        ("right_id", pa.string()),
        ("rule", pa.string()),
        ("probability", pa.float64()),
        ("evidence", pa.string()),
        ("is_link", pa.bool_()),
    ]
)


@dataclass(frozen=True, slots=True)
class Leftover:
    """What no equal NIK decided.

    Attributes:
        entries: text columns ``id`` (of this search only), nik, name, birth_date, sex,
            village_code, regency_code.
        participants: the same columns.
        pairs: ``left_id``, ``right_id``, ``without_nik``: those worth comparing.
        picked_from: entries and participants there are without an equal NIK.
        threshold: links have this probability at least.
        doubtful: pairs from this probability on are shown to a steward.
        rival: so are these, of an entry that surely is one of a few participants.
    """

    entries: pa.Table
    participants: pa.Table
    pairs: pa.Table
    picked_from: tuple[int, int]
    threshold: float
    doubtful: float
    rival: float


class Linker(Protocol):
    """The matching engine, as the month uses it."""

    def __call__(self, connection: Session, leftover: Leftover) -> pa.Table:
        """Pairs in the columns of :data:`PAIRS`; links one to one."""


@cache
def linkage_rules() -> dict[str, Any]:
    """Thresholds and bounds of ``include/reference/linkage.yml``."""
    loaded: dict[str, Any] = yaml.safe_load(
        include("reference", "linkage.yml").read_text("utf-8")
    )
    return loaded


def link_leftover(connection: Session, linker: Linker) -> dict[str, int]:
    """Make table ``rung_pairs`` of what the equal NIK left over.

    Args:
        connection: session with ``registry_rows``, ``membership_rows``,
            ``quarantined_rows`` and ``decided_pairs``.
        linker: the matching engine.

    Returns:
        ``unlinked_entries``: persons and quarantined rows without an equal NIK;
        ``compared_pairs``; ``link_keys_left_out``: blocking values so many share that
        they were not searched; ``linked_by_rung`` and ``doubtful_pairs``.
    """
    rules = linkage_rules()
    run_sql(connection, STAGE, "unlinked_entries", "load.sql")
    run_sql(
        connection,
        STAGE,
        "candidate_pairs",
        "load.sql",
        parameters={"budget": rules["pairs"], "sample": rules["sample"]},
    )
    [(left_out, entries, participants)] = connection.execute(
        "select keys_left_out, entry_count, participant_count from candidate_caps"
    ).fetchall()
    pairs = _table(
        connection,
        "select left_id, right_id, is_blind as without_nik from candidate_pairs "
        "order by all",
    )
    found = PAIRS.empty_table()
    if pairs.num_rows:
        run_sql(
            connection,
            STAGE,
            "linkage_people",
            "load.sql",
            parameters={"background": rules["background"]},
        )
        found = linker(
            connection,
            Leftover(
                _table(connection, "from linkage_entries order by id"),
                _table(connection, "from linkage_participants order by id"),
                pairs,
                (entries, participants),
                rules["threshold"],
                rules["doubtful"],
                rules["rival"],
            ),
        )
    connection.register("engine_pairs", found)
    run_sql(connection, STAGE, "rung_pairs", "load.sql")
    connection.unregister("engine_pairs")
    [(linked, doubtful)] = connection.execute(
        "select count(*) filter (where is_linked), "
        "count(*) filter (where not is_linked) from rung_pairs"
    ).fetchall()
    return {
        "unlinked_entries": entries,
        "compared_pairs": pairs.num_rows,
        "link_keys_left_out": left_out,
        "linked_by_rung": linked,
        "doubtful_pairs": doubtful,
    }


def _table(connection: Session, query: str) -> pa.Table:
    return connection.sql(query).to_arrow_table()
