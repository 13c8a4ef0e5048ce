"""The suites are sound: they load, their codes exist, nothing is dead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cakupan.core.codes import codes
from cakupan.core.contracts import DATASETS, contract
from cakupan.core.findings import Grade, Severity
from cakupan.core.resources import expectations, include
from cakupan.quality import bulk
from cakupan.quality import gx as quality_gx
from cakupan.quality.suite import load_suite
from expectations.typed_rows import typed_schema

ROOT = expectations().parent
#: Defects of staging that other rows of the same file already make a file finding.
ALSO_FILE_CODES = {"SCHEME_UNKNOWN"}
_SQL_CODE = re.compile(r"then\s+'([A-Z]+(?:_[A-Z]+)+)'")
_PY_CODE = re.compile(r"\"([A-Z]+(?:_[A-Z0-9]+)+)\"")


@pytest.mark.parametrize("dataset", DATASETS)
def test_great_expectations_loads_the_suite(dataset: str) -> None:
    gx = quality_gx.load()
    context = gx.get_context(mode="ephemeral")
    rules = load_suite(dataset).rules
    suite = context.suites.add(
        gx.ExpectationSuite(
            name=dataset, expectations=[rule.as_config() for rule in rules]
        )
    )
    assert [one.severity for one in suite.expectations] == [
        str(rule.severity) for rule in rules
    ]


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_rule_has_a_known_code_and_field(dataset: str) -> None:
    names = {column.name for column in contract(dataset).columns} | {""}
    for rule in load_suite(dataset).rules:
        assert rule.code in codes()
        assert rule.field in names
        if rule.code not in ALSO_FILE_CODES:
            assert rule.grade is codes()[rule.code].grade
        if rule.grade is Grade.RECORD:
            bulk.translated(rule, lambda _: "?")
        else:
            assert rule.count_column


@pytest.mark.parametrize("dataset", DATASETS)
def test_required_columns_are_critical_and_others_follow_the_contract(
    dataset: str,
) -> None:
    """Bad dates, amounts and villages quarantine a row; other optional ones warn."""
    types = {column.name: column for column in contract(dataset).columns}
    for rule in load_suite(dataset).of_grade(Grade.RECORD):
        column = types.get(rule.field)
        if column is None or f"{rule.field}__defect" not in rule.columns:
            continue
        grave = column.required or column.type in {
            "date", "month", "rupiah", "village_code",
        }  # fmt: skip
        if dataset == "bpjs_kepesertaan" and rule.code == "NAME_INVALID":
            grave = False
        if (dataset, rule.field) == ("csr", "kelompok"):
            grave = True  # money for a group nobody knows
        assert (rule.severity is Severity.CRITICAL) == grave, rule


@pytest.mark.parametrize("dataset", DATASETS)
def test_thresholds_have_a_reason_and_a_date(dataset: str) -> None:
    import json

    raw = json.loads(expectations(f"{dataset}.json").read_text("utf-8"))
    for entry in raw["expectations"]:
        kwargs = entry["kwargs"]
        is_threshold = entry["type"].endswith("be_between") and (
            entry["severity"] != "critical"
        )
        if is_threshold or "mostly" in kwargs:
            assert entry["meta"]["reason"]
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry["meta"]["since"])


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_defect_column_of_required_fields_is_judged(dataset: str) -> None:
    judged = {field for field, _ in load_suite(dataset).judges()}
    required = {c.name for c in contract(dataset).columns if c.required}
    assert required <= judged
    assert "nik__note" not in typed_schema(dataset).names or "nik" in judged


def _sources() -> list[Path]:
    folders = [ROOT / "src" / "cakupan", include("sql")]
    return [
        path
        for folder in folders
        for suffix in ("*.py", "*.sql")
        for path in sorted(folder.rglob(suffix))
    ]


def test_no_code_is_dead() -> None:
    text = "\n".join(path.read_text("utf-8") for path in _sources())
    used = {rule.code for name in DATASETS for rule in load_suite(name).rules}
    dead = [code for code in codes() if code not in used and f'"{code}"' not in text]
    assert dead == []


def test_every_code_staging_can_give_is_described() -> None:
    found = set()
    for path in sorted(include("sql", "02_staging").rglob("*.sql")):
        found |= set(_SQL_CODE.findall(path.read_text("utf-8")))
    assert found
    assert found <= set(codes())


def test_every_finding_made_in_code_is_described() -> None:
    made = re.compile(r"(?:Finding|note|critical|refused?|FileRefused)\(\s*$|\($")
    found = set()
    for path in sorted((ROOT / "src" / "cakupan").rglob("*.py")):
        text = path.read_text("utf-8")
        for match in _PY_CODE.finditer(text):
            before = text[max(0, match.start() - 40) : match.start()].rstrip()
            called = re.search(r"(\w+)\($", before)
            if made.search(before) and called and called[1] in {
                "Finding", "note", "critical", "FileRefused",
            }:  # fmt: skip
                found.add(match[1])
    assert found
    assert found <= set(codes())
