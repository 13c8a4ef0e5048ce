"""The published tables of one month, computed from what reconcile found.

Every table is one SQL file below ``include/sql/06_publish``; this module puts the
inputs beside them. Nothing here reads a clock: due dates come from the contracts,
receipt times from the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from cakupan.core import areas, rates
from cakupan.core.contracts import DATASETS, contract, registries
from cakupan.core.due import due_at, due_at_by_exception
from cakupan.core.engine import Session
from cakupan.core.horizons import warning_horizons
from cakupan.core.lake import quoted_path, run_sql, session, write_parquet
from cakupan.core.month import CoverageMonth
from cakupan.core.schema.mart import PUBLISHED
from cakupan.core.settings import Settings
from cakupan.publish.content import area_table
from cakupan.publish.invariants import check_marts

STAGE = "06_publish"

#: Tables of reconcile this stage reads.
INPUTS = (
    "registry",
    "participation",
    "links",
    "discrepancies",
    "denominators",
    "targets",
    "budget_reports",
    "budgets",
    "pledges",
    "policies",
    "contributions",
    "claims",
)

#: Lengths of the codes of a province, regency, district and village.
CODE_LENGTHS = (2, 5, 8, 13)

#: Villages that can have a group: a kelurahan has no aparatur desa (contract §4).
VILLAGE_GROUPS: Mapping[str, tuple[str, ...]] = {
    "aparatur_desa": areas.DESA_KINDS,
    "pekerja_rentan": areas.VILLAGE_KINDS,
    "rt_rw": areas.VILLAGE_KINDS,
}

#: Kinds that are zero where they could be seen and were not: (kind, registry it needs,
#: whether it needs a snapshot). Others (paid_not_active, claim_not_participant,
#: deceased) rest on files nobody has to send; they have rows only where found.
JUDGED_KINDS = (
    ("active_not_registered", "any", True),
    ("became_asn", "any", False),
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
        connection.register("areas", area_table(province, month))
        for name in INPUTS:
            connection.execute(
                f"create view {name} as "
                f"from read_parquet({quoted_path(reconciled[name])})"
            )
        connection.register("submissions", submissions)
        register_contracts(connection, province, month, settings)
        connection.register("village_groups", _village_groups())
        connection.register("judged_kinds", _judged_kinds())
        connection.register("worker_groups", _worker_groups())
        connection.register("warning_rules", _warning_rules())
        rates.register(connection, month)
        for name in (
            "area_scope",
            "area_levels",
            "reports",
            "presence",
            "membership_places",
            "funded_people",
        ):
            run_sql(connection, STAGE, name, "load.sql", parameters=parameters)
        for name in ("coverage_states", "registrations"):
            for length in CODE_LENGTHS:
                _load(connection, name, {"code_length": length})
        _load(connection, "coverage_memberships", {})
        for name in PUBLISHED:
            _load(connection, name, parameters)
        check_marts(connection, province, month.year)
        for name in PUBLISHED:
            write_parquet(connection, name, target / f"{name}.parquet")


def _load(connection: Session, table: str, parameters: Mapping[str, object]) -> None:
    run_sql(connection, STAGE, table, "load.sql", parameters=parameters)


def register_contracts(
    connection: Session,
    province: str,
    month: CoverageMonth,
    settings: Settings,
) -> None:
    """Give a session ``contracts`` (who must send which dataset, by when) and
    ``due_exceptions`` (who may send it later)."""
    connection.register("contracts", _contracts(province, month, settings))
    later = due_at_by_exception(month, province, settings)
    connection.register(
        "due_exceptions",
        pa.table(
            {
                "dataset": pa.array([dataset for dataset, _ in later], pa.string()),
                "area_code": pa.array([area for _, area in later], pa.string()),
                "due_at": pa.array(later.values(), pa.timestamp("us", tz="UTC")),
            }
        ),
    )


def _contracts(province: str, month: CoverageMonth, settings: Settings) -> pa.Table:
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
                [due_at(each, month, province, settings) for each in agreed],
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


def _worker_groups() -> pa.Table:
    return pa.table({"worker_group": list(registries())})


def _warning_rules() -> pa.Table:
    return pa.table({name: [value] for name, value in warning_horizons().items()})


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
