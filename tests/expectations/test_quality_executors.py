"""Great Expectations and DuckDB say the same of any rows."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cakupan.core.contracts import contract
from cakupan.core.errors import ConfigurationError, InvariantBroken
from cakupan.core.findings import Grade, Severity
from cakupan.quality import bulk
from cakupan.quality.check import Verdict
from cakupan.quality.suite import Rule, load_suite
from expectations.typed_rows import gate, row, typed_schema

CHECKED = ("pekerja_rentan", "bpjs_kepesertaan", "aparatur_desa", "penyebut", "target")


def random_rows(dataset: str, seed: int, count: int) -> list[dict[str, Any]]:
    """Rows with every defect, empty values, duplicates and odd values among them."""
    chance = random.Random(seed)
    defects: dict[str, list[str]] = {}
    for rule in load_suite(dataset).of_grade(Grade.RECORD):
        for column in rule.columns:
            if column.endswith(("__defect", "__note")):
                defects.setdefault(column, []).extend(rule.kwargs["value_set"])
    names = [column.name for column in contract(dataset).columns]
    rows = []
    for number in range(1, count + 1):
        made = row(dataset, chance.randint(1, count))
        made["source_row"] = number + 1
        for column in chance.sample(sorted(defects), k=chance.randint(0, 3)):
            made[column] = chance.choice(defects[column])
            made[column.rpartition("__")[0]] = None
        for name in chance.sample(names, k=chance.randint(0, 2)):
            made[name] = None
        if "umur" in made:
            made["umur"] = chance.choice([None, 5, 17, 18, 40, 64, 65])
        if made.get("selesai"):
            made["selesai"] = dt.date(2026, 1, 1) + dt.timedelta(chance.randint(-9, 9))
        if made.get("segmen"):
            made["segmen"] = chance.choice(["PU", "BPU", "LAIN"])
        if made.get("nik"):
            made["nik"] = chance.choice([made["nik"], "9301010101900001", "12", ""])
            if len(made["nik"]) < 16:
                made["nik"] = "6402010101000001"
        made.pop("row", None)
        rows.append({k: v for k, v in made.items() if k in typed_schema(dataset).names})
    return rows


def verdict_of(
    dataset: str, rows: list[dict[str, Any]], folder: Path, limit: int
) -> Verdict:
    return gate(folder, dataset, rows, limit=limit)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    dataset=st.sampled_from(CHECKED),
    seed=st.integers(0, 10_000),
    count=st.integers(0, 60),
)
def test_both_executors_agree(
    tmp_path: Path, dataset: str, seed: int, count: int
) -> None:
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    rows = random_rows(dataset, seed, count)
    by_gx = verdict_of(dataset, rows, folder, 1_000)
    by_bulk = verdict_of(dataset, rows, folder, -1)
    assert by_gx == by_bulk
    judged = by_gx.accepted_count + by_gx.quarantined_count + by_gx.rejected_count
    assert judged == count


def test_a_large_file_is_judged_in_slices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Great Expectations sees a row per slice and rule, whatever the rows say."""
    rows = random_rows("bpjs_kepesertaan", 11, 60)
    by_gx = verdict_of("bpjs_kepesertaan", rows, tmp_path, 1_000)
    sizes, judge = [], bulk.gx.judge

    def watched(frame: pd.DataFrame, rules: Sequence[Rule]) -> pa.Table:
        sizes.append(len(frame))
        return judge(frame, rules)

    monkeypatch.setattr(bulk, "SLICE_ROWS", 25)
    monkeypatch.setattr(bulk.gx, "judge", watched)
    by_slices = verdict_of("bpjs_kepesertaan", rows, tmp_path, 0)
    assert by_slices == by_gx
    of_rows = len(load_suite("bpjs_kepesertaan").of_grade(Grade.RECORD))
    assert max(sizes) == 3 * of_rows  # rows 2 to 61 in slices of 25


def test_a_slice_that_says_something_else_than_its_rows_stops_the_file() -> None:
    rules = load_suite("bpjs_kepesertaan").of_grade(Grade.RECORD)
    with duckdb.connect() as connection:
        connection.execute("create table seen as select 1 as source_row")
        connection.execute(
            "create table failures as "
            f"select {rules[0].rule_id} as rule_id, unnest([1, 1]) as source_row"
        )
        with pytest.raises(InvariantBroken, match="QUALITY_SUMMARY_DIFFERS"):
            bulk.confirm(connection, "seen", "failures", rules)


@pytest.mark.parametrize("dataset", ["pekerja_rentan", "bpjs_kepesertaan"])
def test_the_order_of_rows_changes_nothing(dataset: str, tmp_path: Path) -> None:
    rows = random_rows(dataset, 7, 80)

    def kept(order: list[dict[str, Any]]) -> list[dict[str, Any]]:
        numbered = [{**r, "source_row": i} for i, r in enumerate(order, start=2)]
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        verdict_of(dataset, numbered, folder, 0)
        table = pq.read_table(folder / "accepted.parquet").drop_columns("source_row")
        return sorted(table.to_pylist(), key=repr)

    shuffled = list(rows)
    random.Random(3).shuffle(shuffled)
    assert kept(rows) == kept(shuffled) == kept(rows[::-1])


def test_an_expectation_without_translation_is_refused() -> None:
    def rule(type_: str, **kwargs: Any) -> Rule:
        return Rule(0, type_, kwargs, Severity.INFO, "X_Y", Grade.RECORD, "")

    for unknown in (
        rule("expect_column_values_to_be_unique", column="nik"),
        rule("expect_column_values_to_not_be_null", column="nik", mostly=0.9),
    ):
        with pytest.raises(ConfigurationError, match="EXPECTATION_NOT_TRANSLATED"):
            bulk.translated(unknown, str)


def test_typed_rows_of_the_tests_have_the_columns_of_the_contract() -> None:
    for dataset in CHECKED:
        schema: pa.Schema = typed_schema(dataset)
        for column in contract(dataset).columns:
            assert {column.name, f"{column.name}__defect"} <= set(schema.names)
