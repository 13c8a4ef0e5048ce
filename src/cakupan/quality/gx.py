"""Great Expectations, run so that it keeps no value, writes no file and says nothing.

The import costs seconds, so it happens once, inside the first call. The context is
ephemeral; results hold counts and row numbers only (``exclude_unexpected_values``).
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Sequence
from functools import cache
from types import ModuleType
from typing import Any

import pandas as pd
import pyarrow as pa

from cakupan.core.errors import InvariantBroken
from cakupan.quality.suite import Rule

FAILURES = pa.schema([("rule_id", pa.int32()), ("source_row", pa.int64())])


@cache
def _great_expectations() -> ModuleType:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx  # noqa: PLC0415 - seconds, and only here

    # an expectation that cannot be run is logged with a traceback: it may quote values
    silent = logging.getLogger("great_expectations")
    silent.setLevel(logging.CRITICAL + 1)
    silent.propagate = False
    return gx


def judge(
    frame: pd.DataFrame, rules: Sequence[Rule], *, row_key: str = "source_row"
) -> pa.Table:
    """Judge every row of a frame by every rule.

    Args:
        frame: the columns the rules read; its index, named ``row_key``, is unique.
        rules: what to judge.
        row_key: name of the index.

    Returns:
        Table ``rule_id`` int32, ``source_row`` int64 (value of the index): one row per
        rule and row that fails, ordered by both.

    Raises:
        InvariantBroken: an expectation could not be run on this frame.
    """
    if not rules or frame.empty:
        return FAILURES.empty_table()
    gx = _great_expectations()
    context = gx.get_context(mode="ephemeral", project_config=_project(gx))
    batch = (
        context.data_sources.add_pandas("rows")
        .add_dataframe_asset("rows")
        .add_batch_definition_whole_dataframe("rows")
        .get_batch(batch_parameters={"dataframe": frame})
    )
    suite = gx.ExpectationSuite(
        name="rows", expectations=[rule.as_config() for rule in rules]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        verdict = batch.validate(
            suite,
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": [row_key],
                "exclude_unexpected_values": True,
                "partial_unexpected_count": 0,
                "return_unexpected_index_query": False,
            },
        )
    by_id = {rule.rule_id: rule for rule in rules}
    failures = [
        (rule_id, _failing(result, by_id[rule_id], row_key))
        for result in verdict.results
        for rule_id in [int(result.expectation_config.meta["rule_id"])]
    ]
    if {rule_id for rule_id, _ in failures} != set(by_id):
        raise _not_run(f"{len(by_id)} rules, {len(failures)} results")
    return pa.table(
        {
            "rule_id": [rule_id for rule_id, rows in failures for _ in rows],
            "source_row": [int(row) for _, rows in failures for row in rows],
        },
        schema=FAILURES,
    ).sort_by([("rule_id", "ascending"), ("source_row", "ascending")])


def _project(gx: ModuleType) -> Any:
    """Stores in memory and no data docs: the default would make a folder for them."""
    types = gx.data_context.types.base
    return types.DataContextConfig(
        store_backend_defaults=types.InMemoryStoreBackendDefaults(),
        progress_bars={"globally": False},
        analytics_enabled=False,
    )


def _failing(result: Any, rule: Rule, row_key: str) -> list[int]:
    """Row keys that fail one expectation."""
    if _raised(result.exception_info):
        raise _not_run(f"{rule.code} on {', '.join(rule.columns)}")
    outcome = result.result
    rows = [
        row
        for entry in outcome.get("unexpected_index_list") or []
        for row in entry[row_key]
    ]
    if len(rows) != outcome["unexpected_count"] or result.success == bool(rows):
        raise _not_run(f"{rule.code} on {', '.join(rule.columns)}: counts differ")
    return rows


def _raised(exception_info: Any) -> bool:
    if "raised_exception" in exception_info:
        return bool(exception_info["raised_exception"])
    return any(_raised(nested) for nested in exception_info.values())


def _not_run(what: str) -> InvariantBroken:
    return InvariantBroken(
        "QUALITY_CHECK_FAILED",
        f"A check could not be run: {what}.",
        "Compare the suite in expectations/ with the columns of staging.",
    )
