"""The rules of a suite as one query, for files too large for row-level pandas.

Same definition, same verdicts: a property test compares both on random rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from cakupan.core.engine import Session
from cakupan.core.errors import ConfigurationError, InvariantBroken
from cakupan.core.findings import Grade, Severity
from cakupan.quality import gx
from cakupan.quality.suite import Rule, load_suite

#: Rows summarised together for Great Expectations. Its frame has one row per slice and
#: rule: 1,500 for a file of 60 million rows, never one per row of the file.
SLICE_ROWS = 1_000_000

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
    connection: Session,
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
    connection: Session,
    relation: str,
    failures: str,
    rules: Sequence[Rule],
) -> None:
    """Let Great Expectations judge the summary of the rules, slice by slice of the file.

    The summary has one row per slice and rule: its code, severity, failing rows and all
    rows of the slice.

    Raises:
        InvariantBroken: the verdict on a rule is not the one of its rows.
    """
    size = {"size": SLICE_ROWS}
    counted = connection.execute(
        f"select source_row // $size, count(*) from {relation} group by all", size
    ).fetchall()
    found = connection.execute(
        f"select source_row // $size, rule_id, count(*) from {failures} group by all",
        size,
    ).fetchall()
    failing = {(number, rule_id): count for number, rule_id, count in found}
    asked = [(number, count, rule) for number, count in sorted(counted)
             for rule in rules]  # fmt: skip
    summary = pd.DataFrame(
        {
            "code": [rule.code for _, _, rule in asked],
            "severity": [str(rule.severity) for _, _, rule in asked],
            "unexpected_count": [
                failing.get((number, rule.rule_id), 0) for number, _, rule in asked
            ],
            "row_count": [count for _, count, _ in asked],
        },
        index=pd.RangeIndex(len(asked), name="place"),
    )
    for severity in Severity:
        is_of = summary["severity"] == str(severity)
        summary[f"{severity}_count"] = summary["unexpected_count"].where(is_of, 0)
    judging = load_suite("rule_summary").rules
    wrong = {rule.rule_id for rule in judging if rule.grade is Grade.INTEGRITY}
    verdict = gx.judge(summary, judging)
    judged = list(zip(*verdict.to_pydict().values(), strict=True))
    if any(rule_id in wrong for rule_id, _ in judged) or {
        (asked[place][0], asked[place][2].rule_id)
        for rule_id, place in judged
        if rule_id not in wrong
    } != set(failing):
        raise InvariantBroken(
            "QUALITY_SUMMARY_DIFFERS",
            "The summary of the checks does not agree with their rows.",
            "Nothing was accepted. Report this with the submission id.",
        )
