"""Hand-made results of reconcile, for the tests of publish. All people are invented."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from cakupan.core.month import CoverageMonth
from cakupan.core.schema import core, ops
from cakupan.core.settings import Settings
from cakupan.publish.content import ReleaseContent, read_content
from cakupan.publish.marts import INPUTS, compute_marts
from engines import run_on_engines

MONTH = CoverageMonth(2026, 9)
SEPTEMBER = MONTH.first_day


def arrow_type(column: sa.Column[Any]) -> pa.DataType:
    kind = column.type
    if isinstance(kind, sa.DateTime):
        return pa.timestamp("us", tz="UTC")
    if isinstance(kind, sa.Date):
        return pa.date32()
    if isinstance(kind, sa.Boolean):
        return pa.bool_()
    if isinstance(kind, sa.Numeric):
        return pa.decimal128(kind.precision or 18, kind.scale or 0)
    if isinstance(kind, sa.SmallInteger):
        return pa.int16()
    if isinstance(kind, sa.BigInteger):
        return pa.int64()
    if isinstance(kind, sa.Integer):
        return pa.int32()
    return pa.string()


def table_of(table: sa.Table, rows: list[dict[str, Any]]) -> pa.Table:
    schema = pa.schema([(column.name, arrow_type(column)) for column in table.columns])
    return pa.Table.from_pylist(rows, schema=schema)


def person(number: int) -> str:
    return str(uuid.UUID(int=number))


def member(
    number: int, area: str, state: str = "active", **more: Any
) -> dict[str, Any]:
    """A BPU membership with JKK and JKM; ``number`` is the person."""
    row = {
        "coverage_month": SEPTEMBER,
        "province_code": area[:2],
        "membership_id": person(10_000_000 + number),
        "person_id": person(number),
        "segment": "BPU",
        "area_code": area,
        "payer": "apbd_kab",
        "has_jkk": True,
        "has_jkm": True,
        "has_jht": False,
        "has_jp": False,
        "has_jkp": False,
        "participation_state": state,
        "submission_id": "bpjs_kepesertaan-64-2026-09-001",
        "source_row": number,
    }
    return {**row, **more}


def registered(
    number: int, area: str, state: str | None = "active", **more: Any
) -> dict[str, Any]:
    """A vulnerable worker; ``number`` is the person."""
    row = {
        "coverage_month": SEPTEMBER,
        "province_code": area[:2],
        "area_code": area,
        "worker_group": "pekerja_rentan",
        "person_id": person(number),
        "payer": "apbd_kab",
        "funding_payer": more.get("payer", "apbd_kab"),
        "expected_rupiah": 16_800,
        "is_reaching_age_limit": False,
        "registration_status": None,
        "protection_state": state,
        "is_ineligible": False,
        "programmes": "JKK,JKM" if state in {"active", "grace_1", "grace_2"} else None,
        "submission_id": f"pekerja_rentan-{area}-2026-09-001",
        "source_row": number,
    }
    return {**row, **more}


def denominator(area: str, segment: str, count: int, **more: Any) -> dict[str, Any]:
    row = {
        "coverage_month": SEPTEMBER,
        "province_code": area[:2],
        "area_code": area,
        "segment": segment,
        "definition_id": "potensi_bpjs",
        "reference_date": dt.date(2026, 8, 1),
        "eligible_count": count,
        "source": "Contoh",
        "vintage": "rilis contoh",
    }
    return {**row, **more}


def discrepancy(
    number: int | None, area: str, kind: str, **more: Any
) -> dict[str, Any]:
    row = {
        "coverage_month": SEPTEMBER,
        "province_code": area[:2],
        "area_code": area,
        "kind": kind,
        "person_id": None if number is None else person(number),
        "detail": "",
    }
    return {**row, **more}


def sent(dataset: str, area: str, rows: int = 10, **more: Any) -> dict[str, Any]:
    """An accepted file of September 2026 that came on 5 October."""
    attempt = more.get("attempt", 1)
    row = {
        "submission_id": f"{dataset}-{area}-2026-09-{attempt:03d}",
        "dataset": dataset,
        "area_code": area,
        "province_code": area[:2],
        "coverage_month": SEPTEMBER,
        "attempt": attempt,
        "revision": attempt,
        "landing_key_sha256": "0" * 64,
        "file_name": f"{dataset}.csv",
        "file_format": "csv",
        "sha256": "0" * 64,
        "size_bytes": 1,
        "state": "accepted",
        "received_at": dt.datetime(2026, 10, 5, 1, tzinfo=dt.UTC),
        "is_nil": rows == 0,
        "received_count": rows,
        "accepted_count": rows,
        "quarantined_count": 0,
        "rejected_count": 0,
    }
    return {**row, **more}


def refused(dataset: str, area: str, rows: int = 10, **more: Any) -> dict[str, Any]:
    return sent(
        dataset,
        area,
        **{
            "state": "refused",
            "received_count": rows,
            "accepted_count": 0,
            "rejected_count": rows,
            "is_nil": False,
            **more,
        },
    )


#: Kind of discrepancy that the state of a registered person is.
_KINDS = {
    "not_enrolled": "not_enrolled",
    "lapsed": "lapsed",
    "grace_1": "in_grace",
    "grace_2": "in_grace",
}


def _of_registered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What reconcile says of registered people besides, once per area and person."""
    found = {
        (row["area_code"], kind, row["person_id"]): row
        for row in rows
        for kind, applies in (
            (_KINDS.get(row["protection_state"] or ""), True),
            ("ineligible_age", row["is_ineligible"]),
        )
        if kind and applies
    }
    return [
        {**discrepancy(None, area, str(kind)), "person_id": who}
        for area, kind, who in found
    ]


def reconciled(folder: Path, **tables: list[dict[str, Any]]) -> dict[str, Path]:
    """Write the Parquet files reconcile would have written.

    Discrepancies that follow from the registry are added to those given.
    """
    folder.mkdir(parents=True, exist_ok=True)
    given = tables.get("discrepancies", [])
    told = {(row["area_code"], row["kind"], row["person_id"]) for row in given}
    tables["discrepancies"] = given + [
        row
        for row in _of_registered(tables.get("registry", []))
        if (row["area_code"], row["kind"], row["person_id"]) not in told
    ]
    known = {str(table.name): table for table in core.SLICED}
    schemas = {name: known[name] for name in INPUTS}
    paths = {}
    for name, schema in schemas.items():
        paths[name] = folder / f"{name}.parquet"
        pq.write_table(table_of(schema, tables.get(name, [])), paths[name])
    return paths


def submissions_table(rows: list[dict[str, Any]]) -> pa.Table:
    return table_of(ops.submissions, rows)


def compute(
    folder: Path,
    submissions: list[dict[str, Any]],
    province: str = "64",
    settings: Settings | None = None,
    **tables: list[dict[str, Any]],
) -> dict[str, list[dict[str, Any]]]:
    """Published tables as rows, from hand-made inputs."""
    out = folder / "marts"
    out.mkdir(parents=True, exist_ok=True)
    inputs = reconciled(folder / "reconciled", **tables)
    run_on_engines(
        settings or Settings(home=folder / "home"),
        out,
        lambda settings, target: compute_marts(
            settings, province, MONTH, inputs, submissions_table(submissions), target
        ),
    )
    return {
        path.stem: pq.read_table(path).to_pylist() for path in sorted(out.glob("*"))
    }


def pick(rows: list[dict[str, Any]], **wanted: Any) -> list[dict[str, Any]]:
    return [
        row for row in rows if all(row[name] == value for name, value in wanted.items())
    ]


def one(rows: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    found = pick(rows, **wanted)
    if len(found) != 1:
        raise AssertionError(f"{len(found)} rows match {wanted}")
    return found[0]


def release_content(folder: Path, **more: Any) -> ReleaseContent:
    """A small month of East Kalimantan, ready to be written to files."""
    given: dict[str, Any] = {
        "submissions": [
            sent("bpjs_kepesertaan", "64"),
            sent("pekerja_rentan", "64.02", quarantined_count=1, accepted_count=9),
            refused("pekerja_rentan", "64.03"),
        ],
        "participation": [
            member(1, "64.02"),
            member(2, "64.02", "grace_1", village_code="64.02.01.2003"),
            member(3, "64.71", "lapsed", segment="PU"),
        ],
        "registry": [
            registered(1, "64.02"),
            registered(4, "64.02", "not_enrolled", village_code="64.02.01.2003"),
        ],
        "denominators": [denominator("64.02", "BPU", 3, source="=1+1")],
        "discrepancies": [discrepancy(4, "64.02", "not_enrolled")],
    }
    given |= more
    compute(folder, **given)
    return read_content(
        "64",
        MONTH,
        folder / "marts",
        folder / "reconciled" / "participation.parquet",
    )
