"""What one person-month costs and how far a budget reaches: contribution_rates.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cakupan.core.errors import CakupanError
from cakupan.core.month import CoverageMonth
from cakupan.core.rates import (
    budget_needed,
    contribution,
    months_covered,
    sector_class_of,
    share,
)

SPEC = yaml.safe_load(
    Path(__file__).with_name("contribution_rates.yml").read_text("utf-8")
)
CASES = [case for group in SPEC["contributions"] for case in group["cases"]]
RATE = 16_800


def _asked(case: dict[str, Any]) -> Any:
    return contribution(
        case["segment"],
        CoverageMonth.parse(case["month"]),
        payer=case["payer"],
        sector_class=case.get("sector", "other"),
        base=case.get("base"),
        risk_class=case.get("risk"),
        programmes=case.get("programmes", ["JKK", "JKM"]),
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_contribution(case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(CakupanError) as caught:
            _asked(case)
        assert caught.value.code == case["error"]
        assert caught.value.hint
        return
    found = _asked(case)
    programmes = case.get("programmes", ["JKK", "JKM"])
    assert found.by_programme == dict(zip(programmes, case["expect"], strict=True))
    assert found.total_rupiah == case["total"]
    assert found.certainty == case.get("certainty", found.certainty)
    assert bool(found.notes) == (found.certainty == "U")


@pytest.mark.parametrize("month", range(24))
@pytest.mark.parametrize("payer", ["apbn", "apbd_prov", "apbd_kab"])
@pytest.mark.parametrize("sector", ["transport", "other"])
def test_public_money_never_has_the_half_rate(
    month: int, payer: str, sector: str
) -> None:
    at = CoverageMonth(2026, 1).plus(month)
    assert contribution("BPU", at, payer=payer, sector_class=sector).total_rupiah == (
        RATE
    )


def test_who_bears_a_wage_contribution() -> None:
    found = contribution(
        "PU",
        CoverageMonth(2026, 10),
        payer="perusahaan",
        base=4_000_000,
        risk_class=1,
        programmes=["JKK", "JKM", "JHT", "JP", "JKP"],
    )
    # JKP takes 0.14 % from JKK: the employer pays what he would without it
    assert found.by_bearer == {
        "employer": 9_600 + 12_000 + 148_000 + 80_000,
        "worker": 80_000 + 40_000,
        "government": 8_800,
    }
    assert sum(x.rupiah for x in found.lines if x.borne_by == "recomposed") == 0


@pytest.mark.parametrize("case", SPEC["needed"], ids=str)
def test_budget_needed(case: dict[str, Any]) -> None:
    assert budget_needed(case["people"], RATE, case["months"]) == case["expect"]


@pytest.mark.parametrize("case", SPEC["covered"], ids=str)
def test_months_a_budget_covers(case: dict[str, Any]) -> None:
    found = months_covered(case["budget"], case["people"], RATE)
    assert found.whole_months == case["whole"]
    assert str(found.months()) == case["months"]
    assert found.left_rupiah == case["left"]
    assert found.exact * case["people"] * RATE == case["budget"]


def test_kotim_is_just_under_ten_months() -> None:
    found = months_covered(739_122_000, 4_400, RATE)
    assert found.exact < 10
    assert str(found.months(4)) == "9.9989"
    assert budget_needed(4_400, RATE, 10) - 739_122_000 == 78_000


@pytest.mark.parametrize("case", SPEC["heads"], ids=str)
def test_heads_add_up(case: dict[str, Any]) -> None:
    assert sum(case["parts"]) == case["expect"]
    assert sum(budget_needed(part, RATE, 1) for part in case["parts"]) == (
        budget_needed(case["expect"], RATE, 1)
    )


@pytest.mark.parametrize("case", SPEC["shared"], ids=str)
def test_several_payers_of_one_month(case: dict[str, Any]) -> None:
    found = share(case["due"], case["subsidies"], case.get("rest"))
    assert found.by_payer == case["expect"]
    assert (found.unpaid_rupiah, found.over_rupiah) == (case["unpaid"], case["over"])
    paid = sum(found.by_payer.values())
    assert paid + found.unpaid_rupiah - found.over_rupiah == case["due"]


@pytest.mark.parametrize(
    "asked",
    [
        lambda: months_covered(1, 0, RATE),
        lambda: months_covered(-1, 1, RATE),
        lambda: budget_needed(-1, RATE, 1),
        lambda: share(RATE, {"csr": -1}),
    ],
)
def test_impossible_budgets(asked: Any) -> None:
    with pytest.raises(CakupanError, match="BUDGET_INVALID"):
        asked()


@pytest.mark.parametrize("case", SPEC["sectors"], ids=str)
def test_sector_of_a_label(case: dict[str, Any]) -> None:
    assert sector_class_of(case["label"]) == case["expect"]
