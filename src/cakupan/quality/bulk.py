"""The rules of a suite as one DuckDB query, for files too large for row-level pandas.

Same definition, same verdicts: a property test compares both on random rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import duckdb
import pandas as pd

from cakupan.core.errors import ConfigurationError, InvariantBroken
from cakupan.core.findings import Grade, Severity
from cakupan.quality import gx
from cakupan.quality.suite import Rule, load_suite

Bind = Callable[[Any], str]
Translation = Callable[[dict[str, Any], Bind], str]


def _column(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _not_null(kwargs: dict[str, Any], bind: Bind) -> str:
    return f"{_column(kwargs['column'])} is null"


def _in_set(kwargs: dict[str, Any], bind: Bind) -> str:
    values = ", ".join(bind(value) for value in kwargs["value_set"])
    return f"{_column(kwargs['column'])} not in ({values})"


def _not_in_set(kwargs: dict[str, Any], bind: Bind) -> str:
    values = ", ".join(bind(value) for value in kwargs["value_set"])
    return f"{_column(kwargs['column'])} in ({values})"


def _regex(kwargs: dict[str, Any], bind: Bind) -> str:
    return f"not regexp_matches({_column(kwargs['column'])}, {bind(kwargs['regex'])})"


def _between(kwargs: dict[str, Any], bind: Bind) -> str:
    column = _column(kwargs["column"])
    bounds = {"min_value": "<", "max_value": ">"}
    return " or ".join(
        f"{column} {sign} {bind(kwargs[bound])}"
        for bound, sign in bounds.items()
        if kwargs.get(bound) is not None
    )


def _a_after_b(kwargs: dict[str, Any], bind: Bind) -> str:
    sign = "<" if kwargs.get("or_equal") else "<="
    return f"{_column(kwargs['column_A'])} {sign} {_column(kwargs['column_B'])}"


_TRANSLATIONS: dict[str, tuple[frozenset[str], Translation]] = {
    "expect_column_values_to_not_be_null": (frozenset({"column"}), _not_null),
    "expect_column_values_to_be_in_set": (frozenset({"column", "value_set"}), _in_set),
    "expect_column_values_to_not_be_in_set": (
        frozenset({"column", "value_set"}),
        _not_in_set,
    ),
    "expect_column_values_to_match_regex": (frozenset({"column", "regex"}), _regex),
    "expect_column_values_to_be_between": (
        frozenset({"column", "min_value", "max_value"}),
        _between,
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": (
        frozenset({"column_A", "column_B", "or_equal", "ignore_row_if"}),
        _a_after_b,
    ),
}


def translated(rule: Rule, bind: Bind) -> str:
    """SQL condition that is true for a row that fails the rule (NULL for none).

    Args:
        rule: of grade record.
        bind: registers a value and gives its placeholder.

    Raises:
        ConfigurationError: the expectation, or an argument of it, has no translation.
    """
    known = _TRANSLATIONS.get(rule.type)
    if known is None or not set(rule.kwargs) <= known[0]:
        raise ConfigurationError(
            "EXPECTATION_NOT_TRANSLATED",
            f"{rule.type} with {', '.join(sorted(rule.kwargs))} has no translation.",
            "Add one to cakupan.quality.bulk or use another expectation.",
        )
    return known[1](rule.kwargs, bind)


def judge(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    rules: Sequence[Rule],
    into: str,
) -> None:
    """Create table ``into`` (rule_id, source_row) of all failing rows of a relation.

    Args:
        connection: session the relation lives in.
        relation: table or view with ``source_row`` and the columns of the rules.
        rules: of grade record.
        into: name of the table (an identifier of ours).
    """
    parameters: dict[str, Any] = {}

    def bind(value: Any) -> str:
        name = f"p{len(parameters)}"
        parameters[name] = value
        return f"${name}"

    verdicts = ", ".join(
        f"case when {translated(rule, bind)} then {rule.rule_id} end" for rule in rules
    )
    connection.execute(
        f"create or replace temp table {into} as "
        "with judged as ("
        "select source_row, list_filter("
        f"[{verdicts}]::integer[], lambda rule_id: rule_id is not null) as rule_ids "
        f"from {relation}) "
        "select unnest(rule_ids) as rule_id, source_row "
        "from judged where len(rule_ids) > 0",
        parameters,
    )


def confirm(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    failures: str,
    rules: Sequence[Rule],
) -> None:
    """Let Great Expectations judge the summary of the rules.

    The summary has one row per rule: its rule, severity, failing rows and all rows.

    Raises:
        InvariantBroken: the verdict on a rule is not the one of its rows.
    """
    counted = connection.execute(
        f"select rule_id, count(*) from {failures} group by rule_id"
    ).fetchall()
    [(row_count,)] = connection.execute(f"select count(*) from {relation}").fetchall()
    failing = dict(counted)
    summary = pd.DataFrame(
        {
            "rule_id": [rule.rule_id for rule in rules],
            "code": [rule.code for rule in rules],
            "severity": [str(rule.severity) for rule in rules],
            "unexpected_count": [failing.get(rule.rule_id, 0) for rule in rules],
            "row_count": row_count,
        }
    )
    for severity in Severity:
        is_of = summary["severity"] == str(severity)
        summary[f"{severity}_count"] = summary["unexpected_count"].where(is_of, 0)
    verdict = gx.judge(
        summary.set_index("rule_id"),
        load_suite("rule_summary").rules,
    )
    wrong = {
        rule.rule_id
        for rule in load_suite("rule_summary").rules
        if rule.grade is Grade.INTEGRITY
    }
    judged = list(zip(*verdict.to_pydict().values(), strict=True))
    if any(rule_id in wrong for rule_id, _ in judged) or {
        row for rule_id, row in judged if rule_id not in wrong
    } != set(failing):
        raise InvariantBroken(
            "QUALITY_SUMMARY_DIFFERS",
            "The summary of the checks does not agree with their rows.",
            "Nothing was accepted. Report this with the submission id.",
        )
