"""The rates as relations: the same rupiah as the function, for every case."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from cakupan.core import rates
from cakupan.core.errors import CakupanError, ConfigurationError
from cakupan.core.lake import session
from cakupan.core.month import CoverageMonth
from cakupan.core.rates import reference
from cakupan.core.settings import Settings

AMOUNTS = """
    select programme, borne_by, cast(round(sum(contribution_exact(
        kind, value, base_minimum, base_maximum, slice_from, slice_to,
        case segment when 'BPU' then bpu_base($base) else $base end
    ))) as bigint)
    from contribution_rates
    where segment = $segment and payer = $payer and sector_class = $sector
        and list_contains($held, programme)
        and (risk_class is null or risk_class = $risk)
        and (only_with is null or list_contains($held, only_with))
    group by programme, borne_by
"""


@pytest.fixture(scope="module")
def duck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with session(Settings(home=tmp_path_factory.mktemp("rates"))) as connection:
        yield connection


def _in_sql(duck: Any, case: dict[str, Any]) -> dict[tuple[str, str], int | None]:
    asked = {name: value for name, value in case.items() if name != "month"}
    rows = duck.execute(AMOUNTS, asked).fetchall()
    return {(programme, bearer): rupiah for programme, bearer, rupiah in rows}


CASES = st.fixed_dictionaries(
    {
        "segment": st.sampled_from(["PU", "BPU", "JAKON", "PMI"]),
        "month": st.integers(-3, 75),
        "payer": st.sampled_from(sorted(reference.payers())),
        "sector": st.sampled_from(["transport", "other"]),
        "risk": st.integers(1, 5),
        "held": st.sets(st.sampled_from(["JKM", "JHT", "JP", "JKP"])).map(
            lambda more: ["JKK", *sorted(more)]
        ),
        "base": st.none()
        | st.decimals(0, 30_000_000, places=2)
        | st.decimals(0, 10**12, places=0),
    }
)


@settings(max_examples=300, deadline=None)
@example(
    case={
        "segment": "BPU", "month": 0, "payer": "mandiri", "sector": "other", "risk": 1,
        "held": ["JKK", "JHT"], "base": Decimal("270270270271"),
    }
)  # fmt: skip
@example(
    case={
        "segment": "PU", "month": 0, "payer": "perusahaan", "sector": "other",
        "risk": 1, "held": ["JKK", "JHT"], "base": Decimal("270270270271"),
    }
)  # fmt: skip
@given(case=CASES)
def test_relation_and_function_agree(duck: Any, case: dict[str, Any]) -> None:
    month = CoverageMonth(2022, 1).plus(case["month"])
    rates.register(duck, month)
    in_sql = _in_sql(duck, case)
    try:
        found = rates.contribution(
            case["segment"],
            month,
            payer=case["payer"],
            sector_class=case["sector"],
            base=case["base"],
            risk_class=case["risk"],
            programmes=case["held"],
        )
    except CakupanError as error:
        if error.code == "BASE_MISSING":
            assert None in in_sql.values()
        else:
            assert error.code == "RATE_UNKNOWN"
            assert {programme for programme, _ in in_sql} != set(case["held"])
        return
    assert in_sql == {(x.programme, x.borne_by): x.rupiah for x in found.lines}


@pytest.mark.parametrize(
    ("month", "payer", "sector", "expected"),
    [
        ("2026-10", "apbd_kab", "other", 16_800),
        ("2026-10", "mandiri", "other", 8_400),
        ("2027-01", "mandiri", "other", 16_800),
        ("2027-01", "mandiri", "transport", 8_400),
        ("2027-04", "mandiri", "transport", 16_800),
        ("2021-12", "mandiri", "other", None),
    ],
)
def test_minimum_contributions(
    duck: Any, month: str, payer: str, sector: str, expected: int | None
) -> None:
    rates.register(duck, CoverageMonth.parse(month))
    found = duck.execute(
        "select cast(sum(contribution_rupiah) as bigint) from bpu_minimum_contributions "
        "where payer = $1 and sector_class = $2 and programme in ('JKK', 'JKM')",
        [payer, sector],
    ).fetchall()
    assert found == [(expected,)]


@pytest.mark.parametrize("month", ["2022-01", "2025-02", "2026-10", "2027-04"])
def test_grain_is_unique(duck: Any, month: str) -> None:
    rates.register(duck, CoverageMonth.parse(month))
    twice = duck.execute(
        "select 1 from contribution_rates group by segment, programme, sector_class, "
        "payer, risk_class, borne_by, slice_from having count(*) > 1"
    ).fetchall()
    assert twice == []
    lines = duck.execute(
        "select count(*), count(distinct (programme, sector_class, payer)) "
        "from bpu_minimum_contributions"
    ).fetchall()[0]
    assert lines == (3 * 2 * 9, 3 * 2 * 9)


def test_unknown_wage_is_unknown_not_the_cap(duck: Any) -> None:
    rates.register(duck, CoverageMonth(2026, 10))
    known = duck.execute(
        "select count(contribution_exact(kind, value, base_minimum, base_maximum, "
        "slice_from, slice_to, null)) from contribution_rates "
        "where segment in ('PU', 'JAKON')"
    ).fetchall()
    assert known == [(0,)]


@pytest.mark.parametrize(
    "label",
    ["Pengemudi Ojek", "KURIR", "perikanan", "", None, "sopirnya", "taksi/ojol"],
)
def test_sector_in_sql_and_in_python(duck: Any, label: str | None) -> None:
    rates.register(duck, CoverageMonth(2026, 10))
    found = duck.execute("select sector_class_of($1)", [label]).fetchall()
    assert found == [(rates.sector_class_of(label),)]


def test_brackets_once_they_are_known(
    duck: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    brackets = ((1_000_000, 1_000_000), (1_100_000, 1_200_000), (3_000_000, 3_700_000))
    for module in ("amounts", "relation"):
        monkeypatch.setattr(
            f"cakupan.core.rates.{module}.income_brackets", lambda: brackets
        )
    month = CoverageMonth(2025, 6)
    rates.register(duck, month)
    for income, base in (
        (None, 1_000_000),
        (500_000, 1_000_000),
        (1_099_999, 1_000_000),
        (1_100_000, 1_200_000),
        (99_000_000, 3_700_000),
    ):
        found = rates.contribution("BPU", month, payer="mandiri", base=income)
        assert found.by_programme["JKK"] == base // 100
        given = None if income is None else Decimal(income)
        case = {
            "segment": "BPU", "payer": "mandiri", "sector": "other", "risk": 1,
            "held": ["JKK"], "base": given,
        }  # fmt: skip
        assert _in_sql(duck, case) == {("JKK", "participant"): base // 100}


def test_rates_of_one_case_may_not_overlap() -> None:
    known = reference.rates()
    again = (*known, known[0])
    with pytest.raises(ConfigurationError, match="RATES_OVERLAP"):
        reference.checked(again)


def test_every_rate_names_its_source_and_certainty() -> None:
    for rate in reference.rates():
        assert rate.source
        assert rate.segment in reference.SEGMENTS
        assert rate.programme in reference.PROGRAMMES
        assert rate.sector_class in {"any", *reference.SECTOR_CLASSES}
        assert rate.payer_class in {"any", "public", "private"}
        assert rate.certainty != "U" or "perlu dikonfirmasi" in rate.note
    for payer in reference.payers().values():
        assert payer.payer_class in {"public", "private"}
        assert payer.certainty != "U" or "perlu dikonfirmasi" in payer.note


def test_an_unknown_kind_is_refused() -> None:
    row = {"segment": "BPU", "programme": "JKM", "kind": "lain", "certainty": "V"}
    with pytest.raises(ConfigurationError, match="RATES_INVALID"):
        reference.read_rates([row])


def test_payers_are_those_of_the_contracts() -> None:
    from cakupan.core.contracts import contract

    stated = contract("bpjs_kepesertaan").column("sumber_iuran").values
    assert set(reference.payers()) == set(stated)
