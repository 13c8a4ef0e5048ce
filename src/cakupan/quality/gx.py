"""Great Expectations, run so that it keeps no value, writes no file and says nothing.

The import costs seconds, so it happens once, inside the first call. The context is
ephemeral; results hold counts and row numbers only (``exclude_unexpected_values``).
"""

from __future__ import annotations

import gc
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import pandas as pd
import pyarrow as pa

from cakupan.core.errors import InvariantBroken
from cakupan.quality.suite import Rule

FAILURES = pa.schema([("rule_id", pa.int32()), ("source_row", pa.int64())])


@cache
def load() -> ModuleType:
    """Import Great Expectations, once per process; it takes seconds."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with warnings.catch_warnings(), _without_collection():
        warnings.simplefilter("ignore")
        import great_expectations as gx  # noqa: PLC0415 - only here

    # an expectation that cannot be run is logged with a traceback: it may quote values
    silent = logging.getLogger("great_expectations")
    silent.setLevel(logging.CRITICAL + 1)
    silent.propagate = False
    return gx


@contextmanager
def _without_collection() -> Iterator[None]:
    """No garbage collection meanwhile: it takes a sixth of the time of the import."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


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
    gx = load()
    context = gx.get_context(mode="ephemeral", project_config=_project(gx))
    batch = (
        context.data_sources.add_pandas("rows")
        .add_dataframe_asset("rows")
        .add_batch_definition_whole_dataframe("rows")
        .get_batch(batch_parameters={"dataframe": frame})
    )
    checks = _checks(rules)
    suite = gx.ExpectationSuite(
        name="rows", expectations=[check.as_config() for check in checks]
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
    by_id = {check.rules[0].rule_id: check for check in checks}
    judged = [
        (by_id[int(result.expectation_config.meta["rule_id"])], result)
        for result in verdict.results
    ]
    if {check.rules[0].rule_id for check, _ in judged} != set(by_id):
        raise _not_run(f"{len(by_id)} checks, {len(judged)} results")
    failures = [
        failure
        for check, result in judged
        for failure in check.blame(frame, _failing(result, check.rules[0], row_key))
    ]
    return pa.table(
        {
            "rule_id": [rule_id for rule_id, _ in failures],
            "source_row": [int(row) for _, row in failures],
        },
        schema=FAILURES,
    ).sort_by([("rule_id", "ascending"), ("source_row", "ascending")])


@dataclass(frozen=True, slots=True)
class _Check:
    """One expectation for all rules that forbid values of the same column.

    A column of defects has a rule per code; Great Expectations needs as long for each
    expectation whatever it says, so they are asked at once and told apart by the value.
    """

    rules: tuple[Rule, ...]

    def as_config(self) -> dict[str, Any]:
        """The expectation, with the id of its first rule in ``meta``."""
        config = self.rules[0].as_config()
        if len(self.rules) > 1:
            values = {v for rule in self.rules for v in rule.kwargs["value_set"]}
            config["kwargs"]["value_set"] = sorted(values)
        return config

    def blame(self, frame: pd.DataFrame, rows: list[int]) -> Iterator[tuple[int, int]]:
        """Pairs of rule id and row, for rows that fail the expectation."""
        if len(self.rules) == 1:
            yield from ((self.rules[0].rule_id, row) for row in rows)
            return
        found = frame.loc[rows, self.rules[0].columns[0]]
        for rule in self.rules:
            wrong = found[found.isin(rule.kwargs["value_set"])]
            yield from ((rule.rule_id, int(row)) for row in wrong.index)


def _checks(rules: Sequence[Rule]) -> list[_Check]:
    together: dict[object, list[Rule]] = {}
    for rule in rules:
        is_list = set(rule.kwargs) == {"column", "value_set"}
        is_forbidding = rule.type == "expect_column_values_to_not_be_in_set"
        key = rule.columns if is_list and is_forbidding else rule.rule_id
        together.setdefault(key, []).append(rule)
    return [_Check(tuple(members)) for members in together.values()]


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
