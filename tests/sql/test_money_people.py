"""Claims, deaths, civil servants and warnings: who is counted, with which rupiah."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from money_case import month_of, payment
from publish_rows import one
from reconcile_case import Sent, day, entry, extract, kpj, membership, nik, rentan

KUKAR = "64.02"


def word(number: int, status: str, on: str, **values: Any) -> dict[str, Any]:
    return {"nik": nik(number), "status": status, "tanggal": day(on)} | values


def claim(number: int, **values: Any) -> dict[str, Any]:
    return {
        "nomor_klaim": f"K{number}",
        "kpj": kpj(number),
        "program": "JKM",
        "tanggal_kejadian": day("2026-09-02"),
        "tanggal_bayar": day("2026-09-20"),
        "jumlah": 42_000_000,
    } | values


def kinds(rows: list[dict[str, Any]]) -> list[tuple[str, str, int | None]]:
    found = [
        (
            row["area_code"],
            row["kind"],
            None if row["rupiah"] is None else int(row["rupiah"]),
        )
        for row in rows
        if row["kind"] not in {"active_not_registered", "not_enrolled"}
    ]
    return sorted(found, key=str)


def test_the_dead_are_not_paid_for(tmp_path: Path) -> None:
    """1 died in August and is paid for; 2 in this month; 3 lives; 4 is in no list."""
    money = month_of(
        tmp_path,
        rentan(KUKAR, entry(1), entry(2), entry(3)),
        extract(*(membership(n) for n in (1, 2, 3, 4))),
        Sent("bpjs_iuran", "64", [payment(n) for n in (1, 2, 3, 4)]),
        Sent(
            "dukcapil_padan",
            "64",
            [
                word(1, "meninggal", "2026-08-31"),
                word(2, "meninggal", "2026-09-01"),
                word(3, "padan", "2026-09-01"),
                word(4, "meninggal", "2025-01-01"),
            ],
        ),
    )
    assert kinds(money.found.rows("discrepancies")) == [
        (KUKAR, "deceased", 16_800),
        (KUKAR, "deceased", 16_800),
    ]
    assert money.funding(KUKAR)["ineligible_rupiah"] == 16_800
    whole = money.funding(KUKAR, worker_group="ALL")
    assert (whole["ineligible_rupiah"], whole["ineligible_basis"]) == (33_600, "iuran")


def test_a_later_match_does_not_raise_the_dead(tmp_path: Path) -> None:
    words = [
        word(1, "meninggal", "2026-05-10"),
        word(1, "padan", "2026-08-10"),
        word(2, "padan", "2026-05-10"),
        word(2, "tidak_padan", "2026-08-10"),
        word(2, "padan", "2026-10-01"),
    ]
    money = month_of(
        tmp_path, rentan(KUKAR, entry(1)), Sent("dukcapil_padan", "64", words)
    )
    assert money.found.values("verifications", "match_status", "status_date") == [
        ("meninggal", dt.date(2026, 5, 10)),
        ("tidak_padan", dt.date(2026, 8, 10)),
    ]


def test_a_death_claim_ends_the_subsidy(tmp_path: Path) -> None:
    money = month_of(
        tmp_path,
        rentan(KUKAR, entry(1)),
        extract(membership(1)),
        Sent("bpjs_klaim", "64", [claim(1, tanggal_kejadian=day("2026-07-01"))]),
    )
    assert kinds(money.found.rows("discrepancies")) == [(KUKAR, "deceased", 16_800)]
    assert money.funding(KUKAR)["ineligible_basis"] == "tarif"


@pytest.mark.parametrize(
    ("position", "is_one"),
    [
        ("PNS", True),
        ("Guru PPPK", True),
        ("Anggota TNI", True),
        ("Tenaga Non ASN", False),
        ("Non-PNS", False),
        ("Pensiunan PNS", False),
        ("Istri anggota Polri", False),
        ("Nelayan", False),
        ("Pedagang asongan", False),
        (None, False),
    ],
)
def test_civil_servants(tmp_path: Path, position: str | None, is_one: bool) -> None:
    money = month_of(
        tmp_path, rentan(KUKAR, entry(1, pekerjaan=position)), extract(membership(1))
    )
    assert kinds(money.found.rows("discrepancies")) == (
        [(KUKAR, "became_asn", 16_800)] if is_one else []
    )


def test_money_at_stake_by_rate_where_no_payments_are_known(tmp_path: Path) -> None:
    """1 has an employer, 2 is too old, 3 pays alone: nothing of others is at stake."""
    money = month_of(
        tmp_path,
        rentan(KUKAR, entry(1), entry(2, umur=70), entry(3, umur=70)),
        extract(
            membership(1),
            membership(1, kpj=kpj(901), segmen="PU", sumber_iuran="perusahaan"),
            membership(2),
            membership(3, sumber_iuran="mandiri"),
        ),
    )
    assert kinds(money.found.rows("discrepancies")) == [
        (KUKAR, "covered_by_employer", 16_800),
        (KUKAR, "ineligible_age", 16_800),
        (KUKAR, "ineligible_age", None),
    ]
    assert money.funding(KUKAR)["ineligible_rupiah"] == 33_600


def test_paid_and_still_not_active(tmp_path: Path) -> None:
    """1 is lapsed, 2 active, 3 unknown; the arrears of 4 are old."""
    money = month_of(
        tmp_path,
        rentan(KUKAR, entry(1)),
        extract(
            membership(1, bulan_iuran_terakhir=day("2026-01")),
            membership(2),
            membership(4, bulan_iuran_terakhir=day("2026-01")),
        ),
        Sent(
            "bpjs_iuran",
            "64",
            [
                payment(1),
                payment(2),
                payment(3),
                payment(4, bulan_iuran=day("2026-01")),
            ],
        ),
    )
    assert money.rupiah("paid_not_active") == [("64", 16_800), (KUKAR, 16_800)]


def test_claims_of_people_nobody_knows(tmp_path: Path) -> None:
    money = month_of(
        tmp_path,
        rentan(KUKAR, entry(2)),
        extract(membership(1)),
        Sent(
            "bpjs_klaim",
            "64",
            [
                claim(1),
                claim(2, kpj=None, nik=nik(2), jumlah=10_000_000),
                claim(3, program="JKK", jumlah=Decimal("1500000.50")),
            ],
        ),
    )
    assert money.rupiah("claim_not_participant") == [
        ("64", 1_500_000),
        (KUKAR, 10_000_000),
    ]
    paid = {
        (row["area_code"], row["programme"]): (
            row["claim_count"],
            float(row["paid_rupiah"]),
        )
        for row in money.marts["monthly_benefits"]
        if row["area_code"] in {"64", KUKAR, "64.01"}
    }
    assert paid == {
        ("64", "ALL"): (3, 53_500_000.5),
        ("64", "JKK"): (1, 1_500_000.5),
        ("64", "JKM"): (2, 52_000_000.0),
        (KUKAR, "ALL"): (2, 52_000_000.0),
        (KUKAR, "JKM"): (2, 52_000_000.0),
        ("64.01", "ALL"): (0, 0.0),
    }


def test_the_same_claim_and_payment_in_two_files_is_one(tmp_path: Path) -> None:
    money = month_of(
        tmp_path,
        extract(membership(1)),
        *(Sent("bpjs_klaim", area, [claim(1)]) for area in ("64", KUKAR)),
        *(Sent("bpjs_iuran", area, [payment(1)]) for area in ("64", KUKAR)),
    )
    assert (
        one(money.marts["monthly_benefits"], area_code="64", programme="ALL")[
            "claim_count"
        ]
        == 1
    )
    counts = money.found.counts
    assert (counts["contributions_repeated"], counts["claims_repeated"]) == (1, 1)
    assert money.funding("64", worker_group="ALL")["paid_rupiah"] == 16_800


def test_warnings(tmp_path: Path) -> None:
    old = dt.date(1962, 3, 15)  # 65 in March 2027: within six months
    young = dt.date(1962, 4, 15)
    policy = {"jenis": "perbup", "nomor": "1", "tanggal": day("2025-01-01")}
    money = month_of(
        tmp_path,
        rentan(
            KUKAR,
            entry(1),
            entry(2, tanggal_lahir=old),
            entry(3, tanggal_lahir=young),
            entry(4, selesai=day("2026-12-31")),
            entry(5, selesai=day("2027-01-01")),
            entry(6),
        ),
        extract(
            membership(1, bulan_iuran_terakhir=day("2026-08")),
            membership(2, tanggal_lahir=old, bulan_iuran_terakhir=day("2026-07")),
            membership(3, tanggal_lahir=young, tanggal_kepesertaan=day("2026-07-20")),
            membership(6, bulan_iuran_terakhir=day("2026-01")),
            membership(50, bulan_iuran_terakhir=day("2026-08")),
        ),
        Sent(
            "kebijakan",
            KUKAR,
            [
                {**policy, "berlaku_sampai": day("2026-12-31")},
                {**policy, "nomor": "2", "berlaku_sampai": day("2027-01-01")},
                {**policy, "nomor": "3", "berlaku_sampai": None},
            ],
        ),
    )
    everybody = {
        "unpaid_1": 2,
        "unpaid_2": 1,
        "under_3_months": 1,
        "reaching_age_limit": 1,
        "decree_expiring": 1,
        "policy_expiring": 1,
    }
    assert money.warned(KUKAR) == everybody
    assert money.warned("64") == everybody
    group = {name: n for name, n in everybody.items() if name != "policy_expiring"}
    assert money.warned(KUKAR, "pekerja_rentan") == group | {"unpaid_1": 1}
    # an area that sent no list says nothing of lists
    assert "decree_expiring" not in money.warned("64.01")
    assert money.warned("64.01")["unpaid_1"] == 0
    assert money.warned("64.01", "rt_rw") == {}


def test_paid_for_the_dead_whatever_the_membership_says(tmp_path: Path) -> None:
    """In no list: 1 is lapsed, the membership of 2 names no payer; both are paid for."""
    money = month_of(
        tmp_path,
        extract(
            membership(1, bulan_iuran_terakhir=day("2026-01")),
            membership(2, sumber_iuran=None),
            membership(3, sumber_iuran="mandiri"),
        ),
        Sent(
            "bpjs_iuran",
            "64",
            [payment(1), payment(2, "apbd_prov"), payment(3, "mandiri")],
        ),
        Sent(
            "dukcapil_padan",
            "64",
            [word(n, "meninggal", "2026-01-02") for n in (1, 2, 3)],
        ),
    )  # fmt: skip
    dead = one(money.marts["monthly_discrepancies"], area_code=KUKAR, kind="deceased")
    assert (dead["person_count"], dead["rupiah"]) == (2, 33_600)
    assert money.funding(KUKAR, worker_group="ALL")["ineligible_rupiah"] == 33_600


def test_at_stake_adds_up_where_only_some_regencies_have_payments(
    tmp_path: Path,
) -> None:
    """64.01 sent payments, 64.02 none: what was paid there, what the rates say here."""
    money = month_of(
        tmp_path,
        rentan("64.01", entry(1, umur=70)),
        rentan(KUKAR, entry(2, umur=70)),
        extract(membership(1, kode_kabkota="64.01"), membership(2)),
        Sent("bpjs_iuran", "64.01", [payment(1, jkm_rupiah=0)]),
    )
    stakes = {
        area: (row["ineligible_rupiah"], row["ineligible_basis"])
        for area in ("64", "64.01", KUKAR)
        for row in [money.funding(area, worker_group="ALL")]
    }
    assert stakes == {
        "64.01": (10_000, "iuran"),
        KUKAR: (16_800, "tarif"),
        "64": (26_800, "iuran+tarif"),
    }


def test_paid_by_the_file_of_another_regency(tmp_path: Path) -> None:
    """2 is listed in 64.02 and paid for in the file of 64.01; 3 in none."""
    money = month_of(
        tmp_path,
        rentan(KUKAR, entry(2, umur=70), entry(3, umur=70)),
        extract(membership(2), membership(3)),
        Sent("bpjs_iuran", "64.01", [payment(2, jkm_rupiah=0)]),
    )
    assert sorted(money.rupiah("ineligible_age")) == [(KUKAR, 10_000), (KUKAR, 16_800)]
    row = money.funding(KUKAR)
    assert (row["ineligible_rupiah"], row["ineligible_basis"]) == (
        26_800,
        "iuran+tarif",
    )


def test_a_province_file_without_payments_of_a_regency_is_nothing_paid(
    tmp_path: Path,
) -> None:
    money = month_of(
        tmp_path,
        rentan(KUKAR, entry(2, umur=70)),
        extract(membership(1, kode_kabkota="64.01"), membership(2)),
        Sent("bpjs_iuran", "64", [payment(1)]),
    )
    assert money.rupiah("ineligible_age") == [(KUKAR, None)]
    row = money.funding(KUKAR)
    assert (row["ineligible_rupiah"], row["ineligible_basis"]) == (0, "iuran")
