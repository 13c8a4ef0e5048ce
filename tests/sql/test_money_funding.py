"""mart.monthly_funding: budgets beside people and payments; no rupiah is lost."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cakupan.core.month import CoverageMonth
from money_case import Money, head, month_of, payment
from publish_rows import pick
from reconcile_case import Sent, day, entry, extract, kpj, membership, rentan

PPU = "64.09"
KUKAR = "64.02"


def budget(area: str, *rows: dict[str, object], month: str = "2026-09") -> Sent:
    return Sent("anggaran", area, rows or None, month=CoverageMonth.parse(month))


def paid(*rows: dict[str, object], area: str = "64") -> Sent:
    return Sent("bpjs_iuran", area, rows)


@pytest.mark.parametrize(
    ("people", "rupiah", "months"),
    [
        (15_000, 3_024_000_000, "12.00"),  # PPU, 12 months
        (5_000, 1_008_000_000, "12.00"),  # PPU, 12 months
        (35_777, 601_053_600, "1.00"),  # Bontang, one month
        (46_073, 7_700_000_000, "9.95"),  # Kukar 2022: not assumed 12
        (4_400, 739_122_000, "10.00"),  # Kotim 2024: the text says nine
    ],
)
def test_months_a_budget_pays_for(
    tmp_path: Path, people: int, rupiah: int, months: str
) -> None:
    row = month_of(tmp_path, budget(PPU, head(people, rupiah))).funding(PPU)
    assert row["budget_rupiah"] == rupiah
    assert row["budgeted_count"] == people
    assert row["months_covered"] == Decimal(months)
    assert row["has_budget"] is True


def test_kukar_heads_add_up(tmp_path: Path) -> None:
    heads = {
        "pekerja_rentan": 35_440,
        "non_asn": 5_454 + 115,
        "aparatur_desa": 1_085 + 871,
        "rt_rw": 3_108,
    }
    rows = [
        head(count, count * 16_800, kelompok=group, nomor_dpa=str(number))
        for number, (group, count) in enumerate(heads.items())
    ]
    money = month_of(tmp_path, budget(KUKAR, *rows))
    whole = money.funding(KUKAR, worker_group="ALL")
    assert whole["budgeted_count"] == 46_073
    assert whole["budget_rupiah"] == 46_073 * 16_800
    assert money.funding("64", worker_group="ALL")["budgeted_count"] == 46_073


def ppu(folder: Path) -> Money:
    """1 to 12 paid by the regency, 11 to 15 by the province: 11 and 12 by both."""
    regency, province = range(1, 13), range(11, 16)
    return month_of(
        folder,
        rentan(
            PPU,
            *(entry(n) for n in regency),
            *(entry(n, sumber_dana="apbd_prov") for n in (13, 14, 15)),
        ),
        extract(
            *(membership(n, kode_kabkota=PPU) for n in regency),
            *(
                membership(
                    n, kode_kabkota=PPU, sumber_iuran="apbd_prov", kpj=kpj(500 + n)
                )
                for n in province
            ),
        ),
        paid(
            *(payment(n) for n in regency),
            *(payment(500 + n, "apbd_prov") for n in province),
        ),
    )


def test_penajam_paser_utara_person_by_person(tmp_path: Path) -> None:
    """20,614 = 15,000 paid by the regency + 5,614 by the province; 100 by both."""
    regency = range(1, 15_001)
    province = range(15_001 - 100, 20_615)
    money = month_of(
        tmp_path,
        rentan(
            PPU,
            *(entry(n) for n in regency),
            *(entry(n, sumber_dana="apbd_prov") for n in province if n > 15_000),
        ),
        extract(
            *(membership(n, kode_kabkota=PPU) for n in regency),
            *(
                membership(
                    n, kode_kabkota=PPU, sumber_iuran="apbd_prov", kpj=kpj(30_000 + n)
                )
                for n in province
            ),
        ),
        paid(
            *(payment(n) for n in regency),
            *(payment(30_000 + n, "apbd_prov") for n in province),
        ),
        budget(PPU, head(15_000, 3_024_000_000)),
    )
    whole = money.funding(PPU)
    assert whole["registered_count"] == whole["active_count"] == 20_614
    assert money.funding(PPU, payer="apbd_kab")["active_count"] == 15_000
    assert money.funding(PPU, payer="apbd_prov")["active_count"] == 5_614 + 100
    assert whole["double_funded_count"] == 100
    assert money.rupiah("double_funded") == [(PPU, 16_800)] * 100
    assert whole["expected_rupiah"] == 20_614 * 16_800
    assert whole["paid_rupiah"] == (20_614 + 100) * 16_800


def test_people_paid_by_two_count_once_and_are_reported(tmp_path: Path) -> None:
    money = ppu(tmp_path)
    by_payer = {
        payer: money.funding(PPU, payer=payer)["active_count"]
        for payer in ("apbd_kab", "apbd_prov", "ALL")
    }
    assert by_payer == {"apbd_kab": 12, "apbd_prov": 5, "ALL": 15}
    assert money.funding(PPU)["double_funded_count"] == 2
    assert money.funding(PPU)["expected_rupiah"] == 15 * 16_800
    assert money.funding(PPU)["paid_rupiah"] == 17 * 16_800
    assert money.rupiah("double_funded") == [(PPU, 16_800), (PPU, 16_800)]
    assert money.funding("64")["paid_rupiah"] == 17 * 16_800


@pytest.mark.parametrize(
    ("amounts", "surplus"),
    [
        ((6_800, 10_000), []),  # shared: together one month
        ((16_800, 10_000), [(KUKAR, 10_000)]),
        ((16_800, 16_800), [(KUKAR, 16_800)]),
    ],
)
def test_a_shared_month_is_not_paid_twice(
    tmp_path: Path, amounts: tuple[int, int], surplus: list[tuple[str, int]]
) -> None:
    money = month_of(
        tmp_path,
        rentan(KUKAR, entry(1)),
        extract(membership(1), membership(1, kpj=kpj(900), sumber_iuran="dbh_sawit")),
        paid(
            payment(1, jkk_rupiah=amounts[0], jkm_rupiah=None),
            payment(900, "dbh_sawit", jkk_rupiah=amounts[1], jkm_rupiah=None),
        ),
    )
    assert money.rupiah("double_funded") == surplus


def test_a_stated_total_counts_where_no_programme_is_stated(tmp_path: Path) -> None:
    money = month_of(
        tmp_path,
        extract(membership(1), membership(2)),
        paid(
            payment(1, jkk_rupiah=None, jkm_rupiah=None, total_rupiah=16_800),
            payment(2, total_rupiah=99_999),
        ),
    )
    assert money.funding("64", worker_group="ALL")["paid_rupiah"] == 2 * 16_800


def test_not_budgeted_is_not_the_same_as_not_reported(tmp_path: Path) -> None:
    money = month_of(
        tmp_path,
        budget("64.01", head(10, 1_000)),
        budget("64.02"),  # a nil file
        budget("64.03", head(10, 1_000, kelompok="rt_rw")),
        rentan("64.07", entry(7)),
    )
    has = {
        area: money.funding(area)["has_budget"]
        for area in ("64.01", "64.02", "64.03", "64.07")
    }
    assert has == {"64.01": True, "64.02": False, "64.03": False, "64.07": None}
    assert money.funding("64.02")["budget_rupiah"] == 0
    assert money.funding("64.07")["budget_rupiah"] is None


def test_the_latest_list_of_a_year_replaces_the_earlier(tmp_path: Path) -> None:
    money = month_of(
        tmp_path,
        budget(KUKAR, head(10, 100), head(1, 5, kelompok="rt_rw"), month="2026-03"),
        budget(KUKAR, head(20, 250, realisasi=90), month="2026-08"),
        budget(KUKAR, head(99, 999, tahun=2027), month="2026-09"),
    )
    assert money.funding(KUKAR)["budget_rupiah"] == 250
    assert money.funding(KUKAR)["realised_rupiah"] == 90
    assert money.funding(KUKAR, worker_group="rt_rw")["has_budget"] is False
    coming = money.funding(KUKAR, fiscal_year=2027)
    assert (coming["budget_rupiah"], coming["registered_count"]) == (999, None)


def test_pledges_are_the_budget_of_csr(tmp_path: Path) -> None:
    pledge = {"perusahaan": "PT Contoh", "jumlah_orang": 50, "nilai": 10_080_000}
    money = month_of(tmp_path, Sent("csr", KUKAR, [pledge]))
    row = money.funding(KUKAR, worker_group="tidak_diketahui", payer="csr")
    assert (row["budget_rupiah"], row["budgeted_count"]) == (10_080_000, 50)


def test_heads_with_a_budget_but_no_protection(tmp_path: Path) -> None:
    money = month_of(
        tmp_path,
        budget(KUKAR, head(5, 1_008_000)),
        rentan(KUKAR, entry(1), entry(2)),
        extract(membership(1)),
    )
    assert money.funding(KUKAR)["budgeted_not_active_count"] == 4


def test_public_money_is_expected_in_full_and_private_at_half(tmp_path: Path) -> None:
    """PP 50/2025: September 2026, not transport."""
    money = month_of(
        tmp_path,
        rentan(
            KUKAR,
            entry(1),
            entry(2, sumber_dana="mandiri"),
            entry(3, status="usulan"),
            entry(4, umur=70),
        ),
        extract(),
    )
    rupiah = {row["person_id"]: row for row in money.found.rows("registry")}
    assert sorted(row["expected_rupiah"] for row in rupiah.values()) == [
        0, 0, 8_400, 16_800,
    ]  # fmt: skip
    assert money.funding(KUKAR, payer="mandiri")["expected_rupiah"] == 8_400


def test_an_unknown_payer_has_no_price(tmp_path: Path) -> None:
    money = month_of(tmp_path, rentan(KUKAR, entry(1, sumber_dana=None)), extract())
    row = money.funding(KUKAR)
    assert (row["expected_rupiah"], row["unpriced_count"]) == (None, 1)


def test_a_wage_worker_is_expected_at_the_wage(tmp_path: Path) -> None:
    """JKK 0.24 %, JKM 0.30 %, JHT 3.7 + 2 % of Rp3,500,000."""
    row = {"upah": 3_500_000, "sumber_dana": "apbd_prov"}
    listed = Sent("non_asn", "64", [entry(1, **row)])
    insured = membership(1, segmen="PU", jht=True, sumber_iuran="apbd_prov")
    money = month_of(tmp_path, listed, extract(insured))
    found = money.funding("64", worker_group="non_asn")
    assert found["expected_rupiah"] == 8_400 + 10_500 + 129_500 + 70_000


AREAS = ("64.01", "64.02", "64.71")


@settings(max_examples=6, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 12),
            st.sampled_from(("apbd_kab", "csr", "mandiri", None)),
            st.integers(0, 10**10),
            st.sampled_from(("2026-08", "2026-09", "2026-10")),
        ),
        max_size=25,
        unique_by=lambda row: (row[0], row[1], row[3]),
    )
)
def test_rupiah_in_is_rupiah_out(
    rows: list[tuple[int, str | None, int, str]],
) -> None:
    """Members 1-8, of whom 1-4 are listed; 9-12 are known to nobody."""
    payments = [
        payment(n, payer, jkk_rupiah=rupiah, jkm_rupiah=None, bulan_iuran=day(month))
        for n, payer, rupiah, month in rows
    ]
    with TemporaryDirectory() as folder:
        money = month_of(
            Path(folder),
            rentan("64.01", entry(1), entry(2)),
            rentan("64.02", entry(2), entry(3), entry(4)),
            extract(*(membership(n, kode_kabkota=AREAS[n % 3]) for n in range(1, 9))),
            paid(*payments),
        )
        kept = money.found.rows("contributions")
    total = sum(rupiah for _, _, rupiah, _ in rows)
    assert sum(row["total_rupiah"] for row in kept) == total
    assert len(kept) == len(rows)
    funding = money.marts["monthly_funding"]
    for level in (
        pick(funding, area_level="province", worker_group="ALL", payer="ALL"),
        [
            row
            for row in pick(funding, area_level="province")
            if "ALL" not in (row["worker_group"], row["payer"])
        ],
    ):
        assert sum(row["paid_rupiah"] or 0 for row in level) == total
    inner = pick(funding, area_level="regency", worker_group="ALL", payer="ALL")
    of_strangers = sum(row["total_rupiah"] for row in kept if row["area_code"] == "64")
    assert sum(row["paid_rupiah"] or 0 for row in inner) + of_strangers == total


def test_without_an_extract_nobody_is_known_to_be_paid_twice(tmp_path: Path) -> None:
    money = month_of(tmp_path, rentan(KUKAR, entry(1)), budget(KUKAR, head(1, 16_800)))
    assert money.funding(KUKAR)["double_funded_count"] is None
    assert money.funding("64")["double_funded_count"] is None


def test_nobody_listed_is_zero_in_the_whole_too(tmp_path: Path) -> None:
    money = month_of(tmp_path, Sent("rt_rw", KUKAR, None), extract())
    whole = money.funding(KUKAR, worker_group="ALL")
    names = ("registered_count", "active_count", "expected_rupiah", "unpriced_count")
    assert [whole[name] for name in names] == [0, 0, 0, 0]
    assert money.funding("64.01", worker_group="ALL")["registered_count"] is None


def test_a_budget_of_last_year_sent_this_year_is_shown(tmp_path: Path) -> None:
    """What was spent is settled in the year after; the list of last year is not shown."""
    money = month_of(
        tmp_path,
        budget("64.01", head(10, 500, tahun=2025), month="2025-12"),
        budget(KUKAR, head(10, 700, tahun=2025, realisasi=690), month="2026-03"),
    )
    row = money.funding(KUKAR, fiscal_year=2025)
    assert (row["budget_rupiah"], row["realised_rupiah"]) == (700, 690)
    assert (row["registered_count"], row["paid_rupiah"]) == (None, None)
    province = money.funding("64", fiscal_year=2025)
    assert province["budget_rupiah"] == 700
    assert not pick(money.marts["monthly_funding"], area_code="64.01", fiscal_year=2025)
