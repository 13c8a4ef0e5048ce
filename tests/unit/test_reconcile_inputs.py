"""The fingerprint of everything that decides a month."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cakupan.core import resources
from cakupan.core.area import AreaCode
from cakupan.core.month import CoverageMonth
from cakupan.core.privacy import PersonKey
from cakupan.core.submission import Slot
from cakupan.reconcile import inputs as module
from cakupan.reconcile.inputs import (
    Decision,
    MonthInput,
    MonthInputs,
    inputs_hash,
    shipped_sha256,
)

MONTH = CoverageMonth(2026, 9)
KEY = PersonKey.of("k" * 32)


@dataclass(frozen=True)
class Staged:
    slot: Slot
    sha256: str = "a" * 64
    staged_sha256: str | None = "b" * 64


RENTAN = Staged(Slot("pekerja_rentan", AreaCode("64.02"), MONTH))
RT = Staged(Slot("rt_rw", AreaCode("64.02"), MONTH), sha256="c" * 64)


def fingerprint(*staged: Staged) -> str:
    return inputs_hash("64", MONTH, staged, KEY)


def test_the_order_of_arrival_does_not_matter() -> None:
    assert fingerprint(RENTAN, RT) == fingerprint(RT, RENTAN)
    assert len(fingerprint()) == 64


@pytest.mark.parametrize(
    "changed",
    [
        replace(RENTAN, sha256="d" * 64),
        replace(RENTAN, staged_sha256="d" * 64),
        replace(RENTAN, staged_sha256=None),
        replace(RENTAN, slot=Slot("pekerja_rentan", AreaCode("64.03"), MONTH)),
        replace(RENTAN, slot=Slot("non_asn", AreaCode("64.02"), MONTH)),
        replace(RENTAN, slot=Slot("pekerja_rentan", AreaCode("64.02"), MONTH.plus(-1))),
    ],
)
def test_every_fact_of_a_submission_matters(changed: Staged) -> None:
    assert fingerprint(changed, RT) != fingerprint(RENTAN, RT)


def test_province_month_key_and_number_of_files_matter() -> None:
    found = {
        fingerprint(RENTAN),
        fingerprint(),
        fingerprint(RENTAN, RENTAN),
        inputs_hash("62", MONTH, [RENTAN], KEY),
        inputs_hash("64", MONTH.plus(1), [RENTAN], KEY),
        inputs_hash("64", MONTH, [RENTAN], PersonKey.of("l" * 32)),
    }
    assert len(found) == 6


def test_what_ships_matters_by_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("sql/a", "contracts", "reference", "expectations"):
        (tmp_path / folder).mkdir(parents=True)

    def shipped() -> str:
        shipped_sha256.cache_clear()
        return shipped_sha256()

    monkeypatch.setattr(module, "include", tmp_path.joinpath)
    monkeypatch.setattr(
        module, "expectations", lambda *parts: tmp_path.joinpath("expectations", *parts)
    )
    try:
        seen = [shipped()]
        for name in (
            "sql/a/load.sql",
            "sql/a/table.yml",
            "contracts/rt_rw.yml",
            "reference/ages.yml",
            "expectations/rt_rw.json",
        ):
            (tmp_path / name).write_text("one")
            seen.append(shipped())
            (tmp_path / name).write_text("two")
            seen.append(shipped())
        assert len(set(seen)) == len(seen)
        assert shipped() == seen[-1]
    finally:
        shipped_sha256.cache_clear()
    assert resources.include("sql").is_dir()


def test_inputs_are_chosen_by_dataset_in_order() -> None:
    second = MonthInput("rt_rw-64.02-2026-09-002", RT.slot, None)
    first = MonthInput("pekerja_rentan-64.02-2026-09-001", RENTAN.slot, None)
    inputs = MonthInputs((second, first))
    assert inputs.of("rt_rw", "pekerja_rentan") == (first, second)
    assert inputs.of("rt_rw") == (second,)
    assert inputs.of("non_asn") == ()


def test_a_decision_changes_the_hash_and_its_order_does_not() -> None:
    one, two = (
        Decision(uuid.UUID(int=n), uuid.UUID(int=10 + n), uuid.UUID(int=20 + n), "same")
        for n in (1, 2)
    )
    without = inputs_hash("64", MONTH, [RT], KEY)
    assert inputs_hash("64", MONTH, [RT], KEY, [one]) != without
    assert inputs_hash("64", MONTH, [RT], KEY, [one, two]) == inputs_hash(
        "64", MONTH, [RT], KEY, [two, one]
    )
    other = replace(one, decision="different")
    assert inputs_hash("64", MONTH, [RT], KEY, [one]) != inputs_hash(
        "64", MONTH, [RT], KEY, [other]
    )
