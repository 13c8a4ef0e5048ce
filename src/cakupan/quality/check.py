"""All checks of one submission, then the gate.

Every check runs before anything is decided. Then: a critical finding about the file
refuses it with all its rows; a critical finding about a row quarantines that row; the
rest goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from cakupan.core.engine import Session
from cakupan.core.errors import InvariantBroken
from cakupan.core.findings import (
    FINDING_SCHEMA,
    Finding,
    Grade,
    Severity,
    findings_table,
)
from cakupan.core.lake import duckdb_session, file_session, run_sql, write_parquet
from cakupan.core.settings import Settings
from cakupan.core.submission import Slot
from cakupan.quality import bulk, columns, gx
from cakupan.quality.suite import DUPLICATE_COLUMN, Rule, Suite, load_suite

# Above this, Great Expectations judges the summary of the rules and the profile of the
# file, and SQL the rows (on 2 M rows pandas takes 20.7 s and 1.6 GB, DuckDB 1.2 s).
ROW_LEVEL_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a submission. Counts are rows; together they are all received.

    Attributes:
        is_refused: nothing of the file is used.
        accepted_count: rows in ``accepted.parquet``.
        quarantined_count: rows in ``quarantined.parquet``.
        rejected_count: rows of a refused file.
        findings: table per ``FINDING_SCHEMA``; file first, then by row.
    """

    is_refused: bool
    accepted_count: int
    quarantined_count: int
    rejected_count: int
    findings: pa.Table


def check_rows(
    settings: Settings,
    typed: Path,
    slot: Slot,
    folder: Path,
    prior_findings: Iterable[Finding],
    received_count: int,
    *,
    row_level_limit: int = ROW_LEVEL_LIMIT,
) -> Verdict:
    """Run every check of the dataset's suite, then the gate.

    Args:
        settings: engine, memory and threads.
        typed: ``typed.parquet`` of the submission.
        slot: dataset, area and month.
        folder: where ``accepted.parquet`` (typed columns) and ``quarantined.parquet``
            (typed columns and ``codes``) are written; neither for a refused file.
        prior_findings: of landing and staging. Critical ones about rows count as
            quarantined, also rows that staging could not type.
        received_count: data rows of the file.
        row_level_limit: rows up to which Great Expectations judges every row.

    Raises:
        InvariantBroken: the counts do not balance or a check could not be run.
    """
    suite = load_suite(slot.dataset)
    with file_session(settings, typed) as connection:
        typed_count = columns.read_typed(connection, typed)
        columns.refuse_unjudged(connection, suite)
        connection.register("prior_findings", findings_table(list(prior_findings)))
        _judge_rows(connection, suite, slot, typed_count <= row_level_limit)
        accepted, quarantined = _balanced(connection, received_count)
        profile = columns.profile(connection, slot) | {
            "unusable_count": 0 if accepted else quarantined
        }
        findings = _all_findings(connection, suite, profile)
        is_refused = _has_critical(findings, Grade.SUBMISSION)
        if is_refused:
            return Verdict(True, 0, 0, received_count, findings)
        with _writer(settings, connection, typed) as writer:
            run_sql(writer, columns.SQL_STAGE, "verdict", "load.sql")
            for name in ("accepted", "quarantined"):
                write_parquet(writer, name, folder / f"{name}.parquet")
        return Verdict(False, accepted, quarantined, 0, findings)


@contextmanager
def _writer(settings: Settings, connection: Session, typed: Path) -> Iterator[Session]:
    """The session that copies the rows: DuckDB, whoever judged them.

    The bytes of the files are part of the fingerprint of a month, so they must not depend
    on the engine; and nothing is left to compute that would be worth moving all rows.
    """
    if isinstance(connection, duckdb.DuckDBPyConnection):
        yield connection
        return
    with duckdb_session(settings) as writer:
        columns.open_typed(writer, typed)
        for table in ("findings", "quarantined_rows"):
            writer.register("judged", connection.sql(f"from {table}").to_arrow_table())
            writer.execute(f"create temp table {table} as from judged")
        yield writer


def _judge_rows(connection: Session, suite: Suite, slot: Slot, by_gx: bool) -> None:
    """Make tables ``failures``, ``findings`` and ``quarantined_rows``."""
    rules = suite.of_grade(Grade.RECORD)
    columns.prepare(connection, slot)
    _find_defective(connection, rules)
    columns.mark_duplicates(connection, slot)
    if by_gx:
        frame = _frame(connection, rules)
        connection.register("failures", gx.judge(frame, rules))
    else:
        bulk.judge(connection, "checked_rows", rules, "failures")
        bulk.confirm(connection, "checked_rows", "failures", rules)
    connection.register("rules", _rule_table(rules))
    run_sql(connection, columns.SQL_STAGE, "findings", "load.sql")


def _find_defective(connection: Session, rules: tuple[Rule, ...]) -> None:
    """Make ``defective_rows``: rows that no choice among duplicates can save."""
    lethal = [
        rule
        for rule in rules
        if rule.severity is Severity.CRITICAL and DUPLICATE_COLUMN not in rule.columns
    ]
    bulk.judge(connection, "checked_rows", lethal, "lethal_failures")
    connection.execute(
        "create or replace temp table defective_rows as "
        "select source_row from lethal_failures union "
        "select source_row from prior_findings "
        "where grade = 'record' and severity = 'critical' and source_row is not null"
    )


def _frame(connection: Session, rules: tuple[Rule, ...]) -> pd.DataFrame:
    """Only the columns the rules read, indexed by row number."""
    names = sorted({column for rule in rules for column in rule.columns})
    listed = ", ".join(f'"{name}"' for name in names)
    frame = connection.execute(
        f"select source_row, {listed} from checked_rows order by source_row"
    ).df()
    return frame.set_index("source_row")


def _rule_table(rules: tuple[Rule, ...]) -> pa.Table:
    return pa.table(
        {
            "rule_id": pa.array([rule.rule_id for rule in rules], pa.int32()),
            "code": [rule.code for rule in rules],
            "severity": [str(rule.severity) for rule in rules],
            "field": [rule.field for rule in rules],
        }
    )


def _all_findings(
    connection: Session, suite: Suite, profile: Mapping[str, float]
) -> pa.Table:
    """Findings about rows and about the file, in the order they are shown."""
    about_file = _judge_file(profile, suite)
    connection.register("file_findings", findings_table(about_file))
    ordered = connection.sql(
        "from findings union all from file_findings "
        "order by source_row nulls first, severity, code, field, detail"
    )
    return ordered.to_arrow_table().cast(FINDING_SCHEMA)


def _judge_file(profile: Mapping[str, float], suite: Suite) -> list[Finding]:
    rules = suite.of_grade(Grade.SUBMISSION)
    frame = pd.DataFrame([profile], index=pd.Index([0], name="source_row"))
    failing = set(gx.judge(frame, rules).column("rule_id").to_pylist())
    return [
        Finding(
            code=rule.code,
            grade=rule.grade,
            severity=rule.severity,
            field=rule.field,
            row_count=int(profile[rule.count_column]),
            detail=_figure(rule.columns[0], profile[rule.columns[0]]),
        )
        for rule in rules
        if rule.rule_id in failing
    ]


def _figure(column: str, value: float) -> str:
    """A share or a count as the sender writes numbers."""
    if column.endswith("_pct"):
        return f"{value:.1f} %".replace(".", ",")
    return f"{int(value):,} baris".replace(",", ".")


def _has_critical(findings: pa.Table, grade: Grade) -> bool:
    return bool(
        pc.any(
            pc.and_(
                pc.equal(findings["grade"], str(grade)),
                pc.equal(findings["severity"], str(Severity.CRITICAL)),
            )
        ).as_py()
    )


def _balanced(connection: Session, received_count: int) -> tuple[int, int]:
    """Accepted and quarantined rows; together they must be all that was received."""
    [(accepted, quarantined)] = connection.execute(
        "select "
        "(select count(*) from typed_rows "
        "anti join quarantined_rows using (source_row)), "
        "(select count(*) from quarantined_rows)"
    ).fetchall()
    if accepted + quarantined != received_count:
        raise InvariantBroken(
            "ROWS_DO_NOT_BALANCE",
            f"Received {received_count} rows, but accepted {accepted} and quarantined "
            f"{quarantined}.",
            "Nothing was stored. Report this with the submission id.",
        )
    return accepted, quarantined
