"""Expectation suites: ``expectations/<dataset>.json``, one definition of every rule.

A suite is plain Great Expectations JSON; the code and the field of a rule stand in the
``meta`` of its expectation. :mod:`cakupan.quality.gx` runs it with Great Expectations,
:mod:`cakupan.quality.bulk` as one DuckDB query; both judge the same columns.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cakupan.core.findings import Grade, Severity
from cakupan.core.resources import expectations

DUPLICATE_COLUMN = "is_surplus_duplicate"
_COLUMN_KEYS = ("column", "column_A", "column_B")


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation and the finding that follows when it does not hold.

    Attributes:
        rule_id: position in the suite, from 0.
        type: Great Expectations type, e.g. ``expect_column_values_to_be_between``.
        kwargs: its arguments.
        severity: critical, warning or info.
        code: finding code.
        grade: ``record`` judges typed rows, ``submission`` the profile of the file.
        field: canonical column the finding is about, ``""`` for none.
        count_column: profile column with the number of rows concerned, for grade
            submission.
    """

    rule_id: int
    type: str
    kwargs: dict[str, Any] = field(hash=False)
    severity: Severity
    code: str
    grade: Grade
    field: str
    count_column: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns the expectation reads."""
        return tuple(self.kwargs[key] for key in _COLUMN_KEYS if key in self.kwargs)

    def as_config(self) -> dict[str, Any]:
        """The expectation as Great Expectations takes it, with its id in ``meta``."""
        return {
            "type": self.type,
            "kwargs": dict(self.kwargs),
            "severity": str(self.severity),
            "meta": {"rule_id": self.rule_id, "code": self.code},
        }


@dataclass(frozen=True, slots=True)
class Suite:
    """The rules of one dataset."""

    name: str
    rules: tuple[Rule, ...]

    def of_grade(self, grade: Grade) -> tuple[Rule, ...]:
        """Rules that judge rows (record) or the whole file (submission)."""
        return tuple(rule for rule in self.rules if rule.grade is grade)

    def judges(self) -> frozenset[tuple[str, str]]:
        """Pairs of field and code that some rule on rows can report."""
        return frozenset(
            (rule.field, rule.code) for rule in self.of_grade(Grade.RECORD)
        )


@cache
def load_suite(name: str) -> Suite:
    """Read a suite; ``name`` is a dataset or ``rule_summary``."""
    raw = json.loads(expectations(f"{name}.json").read_text("utf-8"))
    return Suite(
        name=raw["name"],
        rules=tuple(
            Rule(
                rule_id=rule_id,
                type=entry["type"],
                kwargs=entry["kwargs"],
                severity=Severity(entry["severity"]),
                code=entry["meta"]["code"],
                grade=Grade(entry["meta"]["grade"]),
                field=entry["meta"]["field"],
                count_column=entry["meta"].get("count", ""),
            )
            for rule_id, entry in enumerate(raw["expectations"])
        ),
    )
