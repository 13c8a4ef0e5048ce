"""Every kind of discrepancy the datasets can show: who, where, said how."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconcile_case import (
    Reconciled,
    Sent,
    day,
    entry,
    extract,
    membership,
    person,
    reconcile,
    rentan,
)

ANSWERED = [
    "active_not_registered", "covered_by_employer", "double_funded",
    "double_registered", "identity_conflict", "in_grace", "ineligible_age", "lapsed",
    "nik_invalid", "not_enrolled",
]  # fmt: skip


def said(found: Reconciled, kind: str) -> list[tuple[object, ...]]:
    """Area, person, group and detail of one kind."""
    return [
        (row["area_code"], row["person_id"], row["worker_group"], row["detail"])
        for row in found.rows("discrepancies")
        if row["kind"] == kind
    ]


def test_states_of_the_registered(tmp_path: Path) -> None:
    found = reconcile(
        tmp_path,
        extract(
            membership(2, bulan_iuran_terakhir=day("2026-06")),
            membership(3, bulan_iuran_terakhir=day("2026-08")),
            membership(4, bulan_iuran_terakhir=day("2026-07")),
            membership(5),
        ),
        rentan("64.02", *(entry(number) for number in range(1, 6))),
    )
    assert said(found, "not_enrolled") == [("64.02", person(1), "pekerja_rentan", "")]
    assert said(found, "lapsed") == [("64.02", person(2), "pekerja_rentan", "")]
    assert sorted(said(found, "in_grace"), key=lambda row: str(row[3])) == [
        ("64.02", person(3), "pekerja_rentan", "menunggak=1 bulan"),
        ("64.02", person(4), "pekerja_rentan", "menunggak=2 bulan"),
    ]
    assert len(found.rows("discrepancies")) == 4
    origin = found.rows("registry")[0]
    first = next(
        row
        for row in found.rows("discrepancies")
        if row["person_id"] == origin["person_id"]
    )
    assert first["submission_id"] == "pekerja_rentan-64.02-2026-09-001"
    assert first["source_row"] == origin["source_row"]


def test_two_groups_of_one_area_are_one_row(tmp_path: Path) -> None:
    found = reconcile(
        tmp_path,
        extract(),
        Sent("rt_rw", "64.02", [entry(1)]),
        rentan("64.02", entry(1)),
    )
    assert said(found, "not_enrolled") == [
        ("64.02", person(1), "pekerja_rentan", "kelompok=pekerja_rentan+rt_rw")
    ]
    assert said(found, "double_registered") == [
        (
            "64.02",
            person(1),
            "pekerja_rentan",
            "wilayah=64.02;kelompok=pekerja_rentan+rt_rw",
        )
    ]


def test_registered_by_two_regencies(tmp_path: Path) -> None:
    found = reconcile(
        tmp_path, rentan("64.02", entry(1), entry(2)), rentan("64.03", entry(1))
    )
    detail = "wilayah=64.02+64.03;kelompok=pekerja_rentan"
    assert said(found, "double_registered") == [
        ("64.02", person(1), "pekerja_rentan", detail),
        ("64.03", person(1), "pekerja_rentan", detail),
    ]


#: segment, payer, last paid month, registered in, registries received -> reported?
UNKNOWN_TO_THE_REGISTRIES = [
    ("BPU", "apbd_kab", "2026-09", None, "64.02", True),
    ("BPU", "apbd_prov", "2026-09", None, "64.02", True),
    ("BPU", "apbdes", "2026-09", None, "64.02", True),
    ("BPU", "dbh_sawit", "2026-09", None, "64.02", True),
    ("BPU", "csr", "2026-07", None, "64.02", True),
    ("PU", "apbn", "2026-09", None, "64.02", True),
    ("BPU", "campuran", "2026-09", None, "64.02", True),
    ("BPU", "mandiri", "2026-09", None, "64.02", False),
    ("PU", "perusahaan", "2026-09", None, "64.02", False),
    ("BPU", None, "2026-09", None, "64.02", False),
    ("BPU", "apbd_kab", "2026-06", None, "64.02", False),
    ("BPU", "apbd_kab", "2026-09", "64.03", "64.02", False),
    ("BPU", "apbd_kab", "2026-09", None, "64.03", False),
    ("BPU", "apbd_kab", "2026-09", None, "64", False),
]


@pytest.mark.parametrize("case", UNKNOWN_TO_THE_REGISTRIES, ids=str)
def test_paid_for_and_in_no_registry(tmp_path: Path, case: tuple) -> None:  # type: ignore[type-arg]
    segment, payer, paid, registered_in, received, is_reported = case
    row = membership(
        1, segmen=segment, sumber_iuran=payer, bulan_iuran_terakhir=day(paid)
    )
    files = [extract(row), Sent("rt_rw", received, None)]
    if registered_in:
        files.append(rentan(registered_in, entry(1)))
    found = reconcile(tmp_path, *files)
    expected = [("64.02", person(1), None, f"sumber_iuran={payer}")]
    assert said(found, "active_not_registered") == (expected if is_reported else [])


#: segment, payer, last paid month of two memberships -> paid twice?
TWO_PAYERS = [
    (("BPU", "csr", "2026-09"), ("BPU", "apbd_kab", "2026-09"), True),
    (("BPU", "mandiri", "2026-12"), ("BPU", "apbd_kab", "2026-09"), True),
    (("BPU", "csr", "2026-08"), ("BPU", "apbd_kab", "2026-09"), False),
    (("BPU", "csr", "2026-09"), ("PU", "perusahaan", "2026-09"), False),
    (("BPU", "csr", "2026-09"), ("BPU", "csr", "2026-09"), False),
    (("BPU", None, "2026-09"), ("BPU", "csr", "2026-09"), False),
]


@pytest.mark.parametrize("case", TWO_PAYERS, ids=str)
def test_paid_by_two_in_one_month(tmp_path: Path, case: tuple) -> None:  # type: ignore[type-arg]
    *memberships, is_reported = case
    rows = [
        membership(
            1,
            kpj=f"2600000000{at}",
            segmen=segment,
            sumber_iuran=payer,
            bulan_iuran_terakhir=day(paid),
        )
        for at, (segment, payer, paid) in enumerate(memberships)
    ]
    found = reconcile(tmp_path, extract(*rows))
    payers = "+".join(sorted(payer or "" for _, payer, _ in memberships))
    expected = [("64.02", person(1), None, f"sumber_iuran={payers};dasar=tarif")]
    assert said(found, "double_funded") == (expected if is_reported else [])


def test_covered_by_an_employer_is_for_vulnerable_workers(tmp_path: Path) -> None:
    wage = {"segmen": "PU", "sumber_iuran": "perusahaan"}
    found = reconcile(
        tmp_path,
        extract(
            membership(1, **wage),
            membership(2, **wage),
            membership(3, **wage, bulan_iuran_terakhir=day("2026-05")),
            membership(4, **wage, nama="Maria Wenda", tanggal_lahir=day("1991-02-03")),
            membership(5),
        ),
        rentan("64.02", *(entry(number) for number in (1, 3, 4, 5))),
        Sent("non_asn", "64.02", [entry(2)]),
    )
    assert said(found, "covered_by_employer") == [
        ("64.02", person(1), "pekerja_rentan", "")
    ]


def test_rows_without_a_usable_nik(tmp_path: Path) -> None:
    bad = [
        {"source_row": 7, "codes": ["DATE_INVALID", "NIK_LENGTH"]},
        {"source_row": 8, "codes": ["NIK_SERIAL_ZERO", "NIK_DUMMY"]},
        {"source_row": 9, "codes": ["DUPLICATE_ROW"]},
    ]
    found = reconcile(
        tmp_path,
        extract(membership(1), quarantined=[{"codes": ["KPJ_MISSING"]}]),
        rentan("64.02", entry(1), quarantined=bad),
    )
    rows = [
        (row["source_row"], row["person_id"], row["detail"], row["submission_id"])
        for row in found.rows("discrepancies")
        if row["kind"] == "nik_invalid"
    ]
    sent = "pekerja_rentan-64.02-2026-09-001"
    assert rows == [
        (7, "None", "kode=NIK_LENGTH", sent),
        (8, "None", "kode=NIK_DUMMY+NIK_SERIAL_ZERO", sent),
    ]


def test_a_file_with_nothing_accepted_still_says_what_is_wrong(tmp_path: Path) -> None:
    bad = [{"source_row": 2, "codes": ["NIK_LETTERS"]}]
    found = reconcile(tmp_path, rentan("64.02", quarantined=bad))
    assert found.kinds() == [("64.02", "nik_invalid")]


def test_details_hold_no_identity(tmp_path: Path) -> None:
    found = reconcile(
        tmp_path,
        extract(membership(1), membership(1, kpj="26000000099", sumber_iuran="csr")),
        rentan("64.02", entry(1, umur=80), entry(2)),
        rentan("64.03", entry(1)),
        Sent("rt_rw", "64.02", [entry(1)]),
    )
    rows = found.rows("discrepancies")
    assert {row["kind"] for row in rows} <= set(ANSWERED)
    for row in rows:
        assert "64020101018" not in row["detail"]
        assert "Orang" not in row["detail"]
