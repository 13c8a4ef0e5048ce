"""Small reconciled months for the tests of the warehouse. Nobody in them exists."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cakupan.core.month import CoverageMonth
from cakupan.warehouse.shape import TABLES

Row = Mapping[str, Any]

_FILLED: dict[str, Any] = {
    "area_code": "64.02", "segment": "BPU", "definition_id": "uji", "source": "uji",
    "reference_date": dt.date(2025, 8, 1), "eligible_count": 10, "target_year": 2026,
    "unit": "persen", "value": 50, "worker_group": "rt_rw", "payer": "apbd_kab",
    "is_ineligible": False, "submission_id": "uji", "source_row": 2,
    "participation_state": "active", "link_rule": "nik_equal", "probability": 1,
    "evidence": "nik", "link_state": "linked", "kind": "not_enrolled", "detail": "",
    "key_id": "uji",
    "identified_by": "nik", "is_reaching_age_limit": False, "funding_payer": "apbd_kab",
}  # fmt: skip


def person(number: int) -> uuid.UUID:
    """A person's pseudonym."""
    return uuid.UUID(int=number + (1 << 100))


def write_month(
    folder: Path,
    month: CoverageMonth,
    people: Mapping[int, str],
    province: str = "64",
    **tables: Sequence[Row],
) -> Path:
    """Write one Parquet file per table.

    Every person (number -> name) is registered, insured, linked and has an identity;
    ``tables`` replaces the rows of a table.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, Sequence[Row]] = {
        "denominators": [{}],
        "targets": [{}],
        "registry": [{"person_id": person(number)} for number in people],
        "participation": [
            {"person_id": person(number), "membership_id": person(number + 1000)}
            for number in people
        ],
        "links": [
            {"person_id": person(number), "membership_id": person(number + 1000)}
            for number in people
        ],
        "discrepancies": [{"person_id": person(number)} for number in people],
        "persons": [
            {"person_id": person(number), "birth_year": 1970 + len(name) % 20}
            for number, name in people.items()
        ],
        "identities": [
            {"person_id": person(number), "name": name}
            for number, name in people.items()
        ],
    } | tables
    fixed = {
        "province_code": province,
        "coverage_month": month.first_day,
        "first_seen_month": month.first_day,
        "last_seen_month": month.first_day,
    }
    with duckdb.connect() as connection:
        for table in TABLES:
            _write(
                connection,
                folder / f"{table.name}.parquet",
                table,
                [_FILLED | fixed | row for row in rows.get(str(table.name), [])],
            )
    return folder


def _write(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    table: sa.Table,
    rows: Sequence[Row],
) -> None:
    names = [column.name for column in table.columns]
    columns = ", ".join(
        f"{column.name} {column.type.compile(postgresql.dialect())}"
        for column in table.columns
    )
    connection.execute(f"create or replace temp table rows ({columns})")
    marks = ", ".join("?" * len(names))
    for row in rows:
        connection.execute(
            f"insert into rows values ({marks})", [row.get(name) for name in names]
        )
    connection.execute(f"copy rows to '{path}' (format parquet)")


def contents(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the warehouse holds of months and persons, in a fixed order."""
    found = {}
    with engine.connect() as connection:
        for table in TABLES:
            rows = connection.execute(sa.select(table)).all()
            found[str(table)] = sorted((tuple(row) for row in rows), key=repr)
    return found


def leftovers(engine: sa.Engine) -> list[str]:
    """Tables that are neither declared nor a partition in its place."""
    with engine.connect() as connection:
        return list(
            connection.execute(
                sa.text(
                    "select relname from pg_class join pg_namespace n "
                    "on n.oid = relnamespace where nspname in ('core', 'vault') "
                    "and relkind in ('r', 'v') and relname ~ '_g[0-9]+$'"
                )
            ).scalars()
        )
