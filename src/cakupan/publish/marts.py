"""The published tables of one month, computed from what reconcile found.

Every table is one SQL file below ``include/sql/06_publish``; this module puts the
inputs beside them. Nothing here reads a clock: due dates come from the contracts,
receipt times from the ledger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from cakupan.core import areas
from cakupan.core.contracts import DATASETS, Contract, contract
from cakupan.core.lake import quoted_path, run_sql, session, write_parquet
from cakupan.core.month import CoverageMonth
from cakupan.core.schema.mart import PUBLISHED
from cakupan.core.settings import Settings
from cakupan.publish.content import area_table
from cakupan.publish.invariants import check_marts

if TYPE_CHECKING:
    import duckdb

STAGE = "06_publish"

#: Tables of reconcile this stage reads.
INPUTS = ("registry", "participation", "discrepancies", "denominators", "targets")

#: Lengths of the codes of a province, regency, district and village.
CODE_LENGTHS = (2, 5, 8, 13)

#: Villages that can have a group: a kelurahan has no aparatur desa (contract §4).
VILLAGE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "aparatur_desa": areas.DESA_KINDS,
    "pekerja_rentan": areas.VILLAGE_KINDS,
    "rt_rw": areas.VILLAGE_KINDS,
}

#: Kinds that are zero where they could be seen and were not: (kind, registry it needs,
#: whether it needs a snapshot). Others (paid_not_active, deceased, became_asn) rest
#: on data whose presence cannot be told here; they have rows only where found.
JUDGED_KINDS = (
    ("active_not_registered", "any", True),
    ("covered_by_employer", "pekerja_rentan", True),
    ("double_funded", None, True),
    ("double_registered", "any", False),
    ("identity_conflict", "any", True),
    ("in_grace", "any", True),
    ("ineligible_age", "any", False),
    ("lapsed", "any", True),
    ("nik_invalid", None, False),
    ("not_enrolled", "any", True),
)


def compute_marts(
    settings: Settings,
    province: str,
    month: CoverageMonth,
    reconciled: Mapping[str, Path],
    submissions: pa.Table,
    target: Path,
) -> None:
    """Write one Parquet file per published table, all columns but ``release_id``.

    Args:
        settings: time zone of the due dates, memory and threads.
        province: two-digit Kemendagri code.
        month: coverage month.
        reconciled: Parquet file of each table in :data:`INPUTS`, columns of
            ``core/schema/core.py``.
        submissions: rows of ``ops.submissions`` of the province and month, whatever
            their state.
        target: folder for ``<table>.parquet``; rows in the order of the key.

    Raises:
        InvariantBroken: a number would contradict another; no file is written.
    """
    parameters = {
        "province_code": province,
        "first_day": month.first_day,
        "target_year": month.year,
    }
    with session(settings) as connection:
        connection.register("areas", area_table(province))
        for name in INPUTS:
            connection.execute(
                f"create view {name} as "
                f"from read_parquet({quoted_path(reconciled[name])})"
            )
        connection.register("submissions", submissions)
        connection.register("contracts", contracts_of(month, settings))
        connection.register("village_groups", _village_groups())
        connection.register("judged_kinds", _judged_kinds())
        for name in ("area_scope", "reports", "presence", "membership_places"):
            run_sql(connection, STAGE, name, "load.sql", parameters=parameters)
        for name in ("coverage_states", "registrations"):
            for length in CODE_LENGTHS:
                _load(connection, name, {"code_length": length})
        _load(connection, "coverage_memberships", {})
        for name in PUBLISHED:
            _load(connection, name, parameters)
        check_marts(connection, province)
        for name in PUBLISHED:
            write_parquet(connection, name, target / f"{name}.parquet")


def _load(
    connection: duckdb.DuckDBPyConnection, table: str, parameters: Mapping[str, object]
) -> None:
    run_sql(connection, STAGE, table, "load.sql", parameters=parameters)


def due_at(agreed: Contract, month: CoverageMonth, settings: Settings) -> dt.datetime:
    """Last second of the due day of the month after, local time, as UTC.

    A due day the month does not have (31 in April) is its last day. Only for datasets
    with a due day.
    """
    following = month.plus(1)
    day = min(agreed.due_day or 1, following.last_day.day)
    last_second = dt.time(23, 59, 59)
    local = dt.datetime.combine(
        following.first_day.replace(day=day), last_second, tzinfo=settings.tz
    )
    return local.astimezone(dt.UTC)


def contracts_of(month: CoverageMonth, settings: Settings) -> pa.Table:
    """What the contracts agree on: who must send which dataset, and by when."""
    agreed = [contract(name) for name in DATASETS]
    return pa.table(
        {
            "dataset": [each.dataset for each in agreed],
            "kind": [each.kind for each in agreed],
            "expected_from": pa.array(
                [each.expected_from for each in agreed], pa.string()
            ),
            "has_status": [
                any(column.name == "status" for column in each.columns)
                for each in agreed
            ],
            "due_at": pa.array(
                [
                    None if each.due_day is None else due_at(each, month, settings)
                    for each in agreed
                ],
                pa.timestamp("us", tz="UTC"),
            ),
        }
    )


def _village_groups() -> pa.Table:
    pairs = [(group, kind) for group, kinds in VILLAGE_GROUPS.items() for kind in kinds]
    return pa.table(
        {
            "worker_group": [group for group, _ in pairs],
            "village_kind": [kind for _, kind in pairs],
        }
    )


def _judged_kinds() -> pa.Table:
    return pa.table(
        {
            "kind": [kind for kind, _, _ in JUDGED_KINDS],
            "needs_registry": pa.array(
                [registry for _, registry, _ in JUDGED_KINDS], pa.string()
            ),
            "needs_snapshot": [snapshot for _, _, snapshot in JUDGED_KINDS],
        }
    )
