"""Great Expectations, run so that it keeps no value, writes no file and says nothing.

The import costs seconds, so it happens once, inside the first call. The context is
ephemeral; results hold counts and row numbers only (``exclude_unexpected_values``).
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

import pandas as pd
import pyarrow as pa

from cakupan.core.errors import InvariantBroken
from cakupan.quality.cells import cells_of, looks_at_a_value
from cakupan.quality.suite import Rule

FAILURES = pa.schema([("rule_id", pa.int32()), ("source_row", pa.int64())])


@cache
def load() -> ModuleType:
    """Import Great Expectations, once per process; it takes seconds."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with warnings.catch_warnings(), _without_collection(), _without_spark():
        warnings.simplefilter("ignore")
        import great_expectations as gx  # noqa: PLC0415 - only here

    # an expectation that cannot be run is logged with a traceback: it may quote values
    silent = logging.getLogger("great_expectations")
    silent.setLevel(logging.CRITICAL + 1)
    silent.propagate = False
    return gx


@contextmanager
def _without_spark() -> Iterator[None]:
    """Great Expectations looks for Spark, which is not wanted here, where it is installed.

    Besides the time: ``pyspark.sql.connect`` ends the process, with status 0, when its
    main module has neither a file nor a name, as in processes Airflow forks.
    """
    hidden = ("pyspark", "pyspark.sql.connect")
    before = {name: sys.modules[name] for name in hidden if name in sys.modules}
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type] # not to be had
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
        sys.modules.update(before)


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


def judge(frame: pd.DataFrame, rules: Sequence[Rule]) -> pa.Table:
    """Judge every row of a frame by every rule.

    Args:
        frame: the columns the rules read; its index has a name and is unique.
        rules: what to judge.

    Returns:
        Table ``rule_id`` int32, ``source_row`` int64 (value of the index): one row per
        rule and row that fails, ordered by both.

    Raises:
        InvariantBroken: an expectation could not be run on this frame.
    """
    if not rules or frame.empty:
        return FAILURES.empty_table()
    by_value = [rule for rule in rules if looks_at_a_value(rule)]
    cells = cells_of(frame, by_value)
    failures = [
        *_judge_each(frame, [rule for rule in rules if not looks_at_a_value(rule)]),
        *cells.rows(_ask(cells.frame, cells.expectations)),
    ]
    return pa.table(
        {
            "rule_id": [rule_id for rule_id, _ in failures],
            "source_row": [int(row) for _, row in failures],
        },
        schema=FAILURES,
    ).sort_by([("rule_id", "ascending"), ("source_row", "ascending")])


def _judge_each(
    frame: pd.DataFrame, rules: Sequence[Rule]
) -> Iterator[tuple[int, int]]:
    """Pairs of rule id and row, for rows that fail an expectation."""
    asked = [rule.as_config() for rule in rules]
    for rule, rows in zip(rules, _ask(frame, asked), strict=True):
        yield from ((rule.rule_id, row) for row in rows)


def _ask(frame: pd.DataFrame, asked: Sequence[dict[str, Any]]) -> list[list[int]]:
    """What Great Expectations says: for each expectation, index values that fail it."""
    if not asked or frame.empty:
        return [[] for _ in asked]
    gx = load()
    batch = _whole_frame().get_batch(batch_parameters={"dataframe": frame})
    numbered = [
        config | {"meta": {"number": number}} for number, config in enumerate(asked)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        verdict = batch.validate(
            gx.ExpectationSuite(name="rows", expectations=numbered),
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": [str(frame.index.name)],
                "exclude_unexpected_values": True,
                "partial_unexpected_count": 0,
                "return_unexpected_index_query": False,
            },
        )
    failing = {
        int(result.expectation_config.meta["number"]): _failing(
            result, asked, str(frame.index.name)
        )
        for result in verdict.results
    }
    if sorted(failing) != list(range(len(asked))):
        raise _not_run(f"{len(asked)} expectations, {len(verdict.results)} results")
    return [failing[number] for number in range(len(asked))]


@cache
def _whole_frame() -> Any:
    """Batch definition of the ephemeral context; making one costs more than asking."""
    gx = load()
    context = gx.get_context(mode="ephemeral", project_config=_project(gx))
    asset = context.data_sources.add_pandas("rows").add_dataframe_asset("rows")
    return asset.add_batch_definition_whole_dataframe("rows")


def _project(gx: ModuleType) -> Any:
    """Stores in memory and no data docs: the default would make a folder for them."""
    types = gx.data_context.types.base
    return types.DataContextConfig(
        store_backend_defaults=types.InMemoryStoreBackendDefaults(),
        progress_bars={"globally": False},
        analytics_enabled=False,
    )


def _failing(
    result: Any, asked: Sequence[dict[str, Any]], index_name: str
) -> list[int]:
    """Index values that fail one expectation."""
    config = asked[int(result.expectation_config.meta["number"])]
    if _raised(result.exception_info):
        raise _not_run(_named(config))
    outcome = result.result
    rows = [
        row
        for entry in outcome.get("unexpected_index_list") or []
        for row in entry[index_name]
    ]
    if len(rows) != outcome["unexpected_count"] or result.success == bool(rows):
        raise _not_run(f"{_named(config)}: counts differ")
    return rows


def _named(config: dict[str, Any]) -> str:
    columns = [
        str(config["kwargs"][key]) for key in config["kwargs"] if "column" in key
    ]
    return f"{config['type']} on {', '.join(columns)}"


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
