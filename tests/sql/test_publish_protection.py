"""Golden cases of ``monthly_protection`` and ``monthly_village_coverage``."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cakupan.core import areas
from publish_rows import compute, one, pick, refused, registered, sent

SNAPSHOT = sent("bpjs_kepesertaan", "64")
WORKERS = sent("pekerja_rentan", "64.02")
STATES = (
    "registered_count",
    "active_count",
    "grace_count",
    "lapsed_count",
    "unenrolled_count",
    "review_count",
)


def states(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in STATES)


def test_registered_is_the_sum_of_its_states(tmp_path: Path) -> None:
    found = ("active", "grace_1", "grace_2", "lapsed", "not_enrolled", "review")
    marts = compute(
        tmp_path,
        [SNAPSHOT, WORKERS],
        registry=[
            registered(number, "64.02", state, is_ineligible=number == 4)
            for number, state in enumerate(found)
        ],
    )
    for area in ("64", "64.02"):
        row = one(marts["monthly_protection"], area_code=area)
        assert states(row) == (6, 3, 2, 1, 1, 1)
        assert row["ineligible_count"] == 1


def test_what_rests_on_likeness_is_told_beside_the_coverage(tmp_path: Path) -> None:
    """Of the active ones: a steward's word is no likeness, and a lapsed one is none."""
    rules = ("nik_equal", "nik_near", "probabilistic", "steward", "nik_equal", None)
    marts = compute(
        tmp_path,
        [SNAPSHOT, WORKERS],
        registry=[
            *(
                registered(number, "64.02", link_rule=rule)
                for number, rule in enumerate(rules)
            ),
            registered(7, "64.02", "lapsed", link_rule="nik_near"),
            registered(8, "64.02", "review", link_rule="probabilistic"),
        ],
    )
    row = one(marts["monthly_protection"], area_code="64.02")
    assert states(row) == (8, 6, 0, 1, 0, 1)
    assert (row["probable_count"], row["probable_pct"]) == (2, Decimal("33.33"))


def test_no_share_of_nobody(tmp_path: Path) -> None:
    marts = compute(
        tmp_path, [SNAPSHOT, WORKERS], registry=[registered(1, "64.02", "lapsed")]
    )
    row = one(marts["monthly_protection"], area_code="64.02")
    assert (row["probable_count"], row["probable_pct"]) == (0, None)


def test_two_payers_are_campuran_and_unknown_is_none(tmp_path: Path) -> None:
    marts = compute(
        tmp_path,
        [SNAPSHOT, WORKERS, sent("pekerja_rentan", "64.03")],
        registry=[
            registered(1, "64.02", payer="apbd_kab"),
            registered(1, "64.03", payer="csr"),
            registered(2, "64.02", payer="apbd_kab"),
            registered(2, "64.03", payer="tidak_diketahui"),
            registered(3, "64.03", payer="tidak_diketahui"),
        ],
    )
    shown = {
        (row["area_code"], row["payer"]): row["registered_count"]
        for row in marts["monthly_protection"]
    }
    assert shown == {
        ("64", "apbd_kab"): 1,
        ("64", "campuran"): 1,
        ("64", "tidak_diketahui"): 1,
        ("64.02", "apbd_kab"): 2,
        ("64.03", "csr"): 1,
        ("64.03", "tidak_diketahui"): 2,
    }


def test_verified_includes_determined_and_blank_columns_say_nothing(
    tmp_path: Path,
) -> None:
    marts = compute(
        tmp_path,
        [SNAPSHOT, WORKERS, sent("pekerja_rentan", "64.03")],
        registry=[
            registered(1, "64.02", registration_status="usulan"),
            registered(2, "64.02", registration_status="terverifikasi"),
            registered(3, "64.02", registration_status="ditetapkan"),
            registered(4, "64.02"),
            registered(5, "64.03"),
        ],
    )
    rows = marts["monthly_protection"]
    row = one(rows, area_code="64.02")
    assert (row["verified_count"], row["determined_count"]) == (2, 1)
    row = one(rows, area_code="64.03")
    assert (row["verified_count"], row["determined_count"]) == (None, None)


def test_without_snapshot_states_are_no_data(tmp_path: Path) -> None:
    marts = compute(tmp_path, [WORKERS], registry=[registered(1, "64.02", None)])
    row = one(marts["monthly_protection"], area_code="64.02")
    assert states(row) == (1, None, None, None, None, None)


def test_partly_known_states_are_no_data_where_they_meet(tmp_path: Path) -> None:
    marts = compute(
        tmp_path,
        [sent("bpjs_kepesertaan", "64.02"), WORKERS, sent("pekerja_rentan", "64.03")],
        registry=[registered(1, "64.02"), registered(2, "64.03", None)],
    )
    rows = marts["monthly_protection"]
    assert states(one(rows, area_code="64.02")) == (1, 1, 0, 0, 0, 0)
    assert states(one(rows, area_code="64.03")) == (1,) + (None,) * 5
    assert states(one(rows, area_code="64")) == (2,) + (None,) * 5


def test_nil_is_zero_absent_and_refused_have_no_row(tmp_path: Path) -> None:
    marts = compute(
        tmp_path,
        [
            SNAPSHOT,
            sent("rt_rw", "64.02", 0),
            refused("rt_rw", "64.03"),
            sent("rt_rw", "64.71", accepted_count=0, quarantined_count=10),
        ],
    )
    rows = marts["monthly_protection"]
    assert [row["area_code"] for row in rows] == ["64", "64.02"]
    assert {row["payer"] for row in rows} == {"tidak_diketahui"}
    assert states(rows[1]) == (0,) * 6
    # rt_rw has no status column: nothing is known of verification
    assert rows[1]["verified_count"] is None


def test_list_of_the_province_reaches_regencies_through_the_village(
    tmp_path: Path,
) -> None:
    marts = compute(
        tmp_path,
        [SNAPSHOT, sent("pekerja_rentan", "64")],
        registry=[
            registered(1, "64", village_code="64.02.01.2003"),
            registered(2, "64"),
        ],
    )
    shown = {
        row["area_code"]: row["registered_count"] for row in marts["monthly_protection"]
    }
    assert shown == {"64": 2, "64.02": 1, "64.02.01": 1, "64.02.01.2003": 1}


def apparatus(number: int, village: str, **more: Any) -> dict[str, Any]:
    return registered(
        number,
        village[:5],
        worker_group="aparatur_desa",
        village_code=village,
        **more,
    )


def kampung_of(regency: str) -> list[str]:
    return [
        village
        for district in areas.children(regency)
        for village in areas.children(district)
        if areas.village_kind(village) in areas.DESA_KINDS
    ]


def test_merauke_29_of_179_kampung(tmp_path: Path) -> None:
    kampung = kampung_of("93.01")
    assert len(kampung) == 179
    people = [
        apparatus(
            10 * index + seat,
            village,
            programmes=programmes if index < 29 else None,
            protection_state="active" if index < 29 else "not_enrolled",
        )
        for index, village in enumerate(kampung[:60])
        for seat, programmes in enumerate(("JKK,JKM", "JKK,JKM,JHT"))
    ]
    marts = compute(
        tmp_path,
        [sent("bpjs_kepesertaan", "93"), sent("aparatur_desa", "93.01")],
        province="93",
        registry=people,
    )
    rows = pick(marts["monthly_village_coverage"], worker_group="aparatur_desa")
    regency = one(rows, area_code="93.01")
    assert (
        regency["village_count"],
        regency["covered_village_count"],
        regency["covered_village_pct"],
        regency["registered_count"],
        regency["active_count"],
    ) == (179, 29, Decimal("16.20"), 120, 58)
    covered = one(rows, area_code=kampung[0])
    assert (covered["is_covered"], covered["programmes"]) == (True, "JKK,JKM,JHT")
    assert one(rows, area_code=kampung[40])["is_covered"] is False
    silent = one(rows, area_code=kampung[100])
    assert (silent["registered_count"], silent["is_covered"]) == (0, False)
    # another regency did not report: no data, but its villages still count
    other = one(rows, area_code="93.02")
    assert (other["village_count"], other["covered_village_count"]) == (112, None)
    assert one(rows, area_code=kampung_of("93.02")[0])["registered_count"] is None
    province = one(rows, area_code="93")
    assert (province["village_count"], province["covered_village_count"]) == (677, 29)


def test_kelurahan_have_no_apparatus_but_rt(tmp_path: Path) -> None:
    marts = compute(
        tmp_path,
        [SNAPSHOT, sent("rt_rw", "64.74")],
        registry=[
            registered(
                1,
                "64.74",
                worker_group="rt_rw",
                village_code=areas.children("64.74.01")[0],
            )
        ],
    )
    rows = marts["monthly_village_coverage"]
    assert one(rows, area_code="64.74", worker_group="rt_rw")["village_count"] == 15
    assert not pick(rows, area_code="64.74", worker_group="aparatur_desa")
    province = one(rows, area_code="64", worker_group="aparatur_desa")
    assert (province["village_count"], province["registered_count"]) == (841, None)
    assert one(rows, area_code="64", worker_group="rt_rw")["village_count"] == 1038
    assert not pick(rows, worker_group="non_asn")


def test_regency_that_names_no_village_says_nothing_of_villages(
    tmp_path: Path,
) -> None:
    marts = compute(tmp_path, [SNAPSHOT, WORKERS], registry=[registered(1, "64.02")])
    rows = pick(marts["monthly_village_coverage"], worker_group="pekerja_rentan")
    regency = one(rows, area_code="64.02")
    assert (regency["registered_count"], regency["covered_village_count"]) == (1, None)
    assert one(rows, area_code="64.02.01.2003")["registered_count"] is None


@pytest.mark.parametrize("state", ["grace_2", "lapsed", None])
def test_village_is_covered_by_grace_not_by_lapsed(
    tmp_path: Path, state: str | None
) -> None:
    marts = compute(
        tmp_path,
        [SNAPSHOT, WORKERS],
        registry=[registered(1, "64.02", state, village_code="64.02.01.2003")],
    )
    row = one(
        marts["monthly_village_coverage"],
        area_code="64.02.01.2003",
        worker_group="pekerja_rentan",
    )
    expected = {"grace_2": True, "lapsed": False, None: None}[state]
    assert row["is_covered"] is expected
