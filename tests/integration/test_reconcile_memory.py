"""A month that is larger than the memory it may use: it spills, and comes out right."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from cakupan.core.settings import Settings
from cakupan.reconcile.inputs import MonthInput, MonthInputs
from cakupan.reconcile.month import reconcile_month
from cakupan.runs.linker import engine_linker
from money_case import payment
from reconcile_case import (
    KEY,
    MONTH,
    PROVINCE,
    Sent,
    entry,
    extract,
    membership,
    rentan,
    written,
)

PEOPLE = 900_000
ENTRIES = 180_000
LIMIT = "178MB"


def multiplied(given: MonthInput, rows: int) -> MonthInput:
    """The file of one row as a file of many: each about somebody else."""
    assert given.accepted is not None
    target = given.accepted.with_suffix(".many")
    has_nik = "nik" in duckdb.read_parquet(str(given.accepted)).columns
    has_kpj = "kpj" in duckdb.read_parquet(str(given.accepted)).columns
    changed = ["(number + 2)::integer as source_row"]
    if has_nik:
        changed.append("'64020101' || lpad(number::varchar, 8, '0') as nik")
    if has_kpj:
        changed.append("'26' || lpad(number::varchar, 9, '0') as kpj")
    duckdb.sql(
        f"copy (select * replace ({', '.join(changed)}) "
        f"from read_parquet('{given.accepted}'), range({rows}) as numbers(number)) "
        f"to '{target}' (format parquet)"
    )
    return replace(given, accepted=target)


@pytest.mark.slow
def test_payments_of_a_whole_province_spill(tmp_path: Path) -> None:
    """A million rows beside each other would not fit: the payments joined the members."""
    files = written(
        tmp_path,
        (
            rentan("64.02", entry(1)),
            extract(membership(1)),
            Sent("bpjs_iuran", "64", (payment(1),)),
        ),
    )
    sizes = (ENTRIES, PEOPLE, PEOPLE)
    inputs = tuple(map(multiplied, files, sizes))
    settings = Settings(home=tmp_path / "home", memory_limit=LIMIT, threads=2)
    counts = reconcile_month(
        settings, KEY, PROVINCE, MONTH, MonthInputs(inputs), tmp_path, engine_linker
    )
    assert counts["contributions"] == counts["participation"] == PEOPLE
    assert counts["registry"] == ENTRIES
    paid = duckdb.sql(
        f"select sum(total_rupiah), count(membership_id), "
        f"count(*) filter (where worker_group = 'pekerja_rentan') "
        f"from read_parquet('{tmp_path / 'contributions.parquet'}')"
    ).fetchall()
    assert paid == [(16_800 * PEOPLE, PEOPLE, ENTRIES)]
