"""Who is who and who is covered: the reconciled tables of one province and month.

Rules 1 to 5 of ``docs/architecture.md`` ("Rules that decide numbers") are carried out
by the SQL below ``include/sql/04_reconcile``; this module feeds it and writes the
result. Large intermediate tables are scratch Parquet, so that a province month of two
million memberships stays within the memory limit of the session.
"""

from __future__ import annotations

from pathlib import Path

from cakupan.core.engine import Session
from cakupan.core.lake import keep_rows, run_sql, session
from cakupan.core.month import CoverageMonth
from cakupan.core.privacy import PersonKey
from cakupan.core.settings import Settings
from cakupan.reconcile.inputs import MonthInput, MonthInputs
from cakupan.reconcile.linking import Linker, link_leftover
from cakupan.reconcile.prepare import prepare
from cakupan.reconcile.tables import OUTPUTS, STAGE, lake_errors, write_table

__all__ = ["MonthInput", "MonthInputs", "reconcile_month"]


def reconcile_month(
    settings: Settings,
    person_key: PersonKey,
    province: str,
    month: CoverageMonth,
    inputs: MonthInputs,
    target: Path,
    linker: Linker,
) -> dict[str, int]:
    """Reconcile one month of one province.

    Args:
        settings: memory limit, threads and scratch folder.
        person_key: key of the pseudonyms.
        province: two-digit Kemendagri code.
        month: coverage month.
        inputs: submissions in force of the month, and reference files up to it.
        target: folder that receives ``<table>.parquet`` for every table of
            :data:`cakupan.reconcile.tables.OUTPUTS`.
        linker: the matching engine, for whom no equal NIK finds.

    Returns:
        Rows per table; ``accepted_…`` rows read; ``registry_repeated`` rows of a person
        already listed by the same area and group; ``snapshot_other_province`` rows
        about another province, kept out of the counts; ``snapshot_repeated`` rows of
        a membership that another row tells as well; ``contributions_repeated`` and
        ``claims_repeated`` rows that another file tells as well; and what
        :func:`cakupan.reconcile.linking.link_leftover` counts.

    Raises:
        InvariantBroken: an accepted row lacks what its contract requires, or holds a
            number that no column of the warehouse can take.
        OperationalError: memory or disk is short.
    """
    target.mkdir(parents=True, exist_ok=True)
    with session(settings) as connection, lake_errors():
        counts = prepare(connection, person_key, province, month, inputs)
        scratch = {
            "membership_rows": target / "memberships.scratch.parquet",
            "payment_rows": target / "payments.scratch.parquet",
            "person_file": target / "persons.scratch.parquet",
        }
        try:
            counts |= _run(connection, scratch, linker)
            for table in OUTPUTS:
                file = target / f"{table.name}.parquet"
                counts[table.name] = write_table(connection, table, file)
        finally:
            for path in scratch.values():
                path.unlink(missing_ok=True)
        return counts | _differences(connection, counts)


def _run(
    connection: Session, scratch: dict[str, Path], linker: Linker
) -> dict[str, int]:
    """Every step up to the relations that carry the names of the output tables."""

    def load(*tables: str) -> None:
        for table in tables:
            run_sql(connection, STAGE, table, "load.sql")

    def keep(relation: str, name: str, order: str = "") -> None:
        keep_rows(connection, relation + order, name, scratch[name])

    load("registry_rows", "snapshot_rows", "memberships")
    keep("memberships", "membership_rows")
    load("participation", "registry_pairs", "listed_people", "decided_conflicts")
    counts = link_leftover(connection, linker)
    load("pairs", "links", "review_pairs", "review_records")
    load("funding_of_entries", "registry")
    load("verifications", "claims", "person_flags", "payments")
    keep("payments", "payment_rows")
    load("contributions", "budget_reports", "budgets", "pledges", "policies")
    load("stakes", "discrepancies", "person_rows")
    keep("person_rows", "person_file", " order by person_id")
    load("persons", "identities", "denominators", "targets")
    return counts


def _differences(connection: Session, counts: dict[str, int]) -> dict[str, int]:
    """Rows read that are no row of their own in the result, by reason."""
    found = connection.execute("select count(*) from snapshot_rows").fetchone()
    of_the_province = int(found[0]) if found else 0
    return {
        "registry_repeated": counts["accepted_registry_files"] - counts["registry"],
        "snapshot_other_province": counts["accepted_snapshot_files"] - of_the_province,
        "snapshot_repeated": of_the_province - counts["participation"],
        "contributions_repeated": counts["accepted_contribution_files"]
        - counts["contributions"],
        "claims_repeated": counts["accepted_claim_files"] - counts["claims"],
    }
