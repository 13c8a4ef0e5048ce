"""Which rows of the extracts are one membership, and whose it is (rule 2)."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from cakupan.core.privacy import person_id
from reconcile_case import (
    KEY,
    day,
    entry,
    extract,
    kpj,
    membership,
    nik,
    person,
    reconcile,
    rentan,
)


def by_kpj(number: int) -> str:
    return str(person_id(KEY, f"kpj:{kpj(number)}"))


#: rows (KPJ number, NIK, segment, payer) -> memberships (person, segment, payer)
CASES = {
    "one row, one membership": (
        [(1, nik(1), "BPU", "mandiri")],
        [(person(1), "BPU", "mandiri")],
    ),
    "the same KPJ twice is one membership": (
        [(1, nik(1), "BPU", "mandiri"), (1, nik(1), "BPU", "mandiri")],
        [(person(1), "BPU", "mandiri")],
    ),
    "two segments are two memberships of one person": (
        [(1, nik(1), "BPU", "mandiri"), (1, nik(1), "PU", "perusahaan")],
        [(person(1), "BPU", "mandiri"), (person(1), "PU", "perusahaan")],
    ),
    "two payers are two memberships of one person": (
        [(1, nik(1), "BPU", "csr"), (1, nik(1), "BPU", "apbd_kab")],
        [(person(1), "BPU", "apbd_kab"), (person(1), "BPU", "csr")],
    ),
    "an unknown payer beside a known one is no second payer": (
        [(1, nik(1), "BPU", None), (1, nik(1), "BPU", "csr")],
        [(person(1), "BPU", "csr")],
    ),
    "an unknown payer alone": (
        [(1, nik(1), "BPU", None)],
        [(person(1), "BPU", "tidak_diketahui")],
    ),
    "two KPJ of one NIK are two memberships of one person": (
        [(1, nik(1), "PU", "perusahaan"), (2, nik(1), "PU", "perusahaan")],
        [(person(1), "PU", "perusahaan"), (person(1), "PU", "perusahaan")],
    ),
    "no NIK: the one the same KPJ has elsewhere": (
        [(1, None, "BPU", "csr"), (1, nik(1), "PU", "perusahaan")],
        [(person(1), "BPU", "csr"), (person(1), "PU", "perusahaan")],
    ),
    "no NIK and two elsewhere: the KPJ": (
        [
            (1, None, "BPU", "csr"),
            (1, nik(1), "PU", "mandiri"),
            (1, nik(2), "PMI", None),
        ],
        [
            (by_kpj(1), "BPU", "csr"),
            (person(1), "PU", "mandiri"),
            (person(2), "PMI", "tidak_diketahui"),
        ],
    ),
    "no NIK at all: the KPJ, once per KPJ": (
        [(1, None, "BPU", "csr"), (1, None, "PU", "mandiri"), (2, None, "BPU", "csr")],
        [
            (by_kpj(1), "BPU", "csr"),
            (by_kpj(1), "PU", "mandiri"),
            (by_kpj(2), "BPU", "csr"),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_memberships_and_their_persons(tmp_path: Path, case: tuple) -> None:  # type: ignore[type-arg]
    given, expected = case
    rows = [
        membership(number, nik=identity, segmen=segment, sumber_iuran=payer)
        for number, identity, segment, payer in given
    ]
    found = reconcile(tmp_path, extract(*rows))
    seen = found.values("participation", "person_id", "segment", "payer")
    assert seen == sorted(expected, key=repr)
    assert found.counts["snapshot_repeated"] == len(given) - len(expected)
    persons = {row["person_id"] for row in found.rows("persons")}
    assert persons == {one for one, _, _ in expected}


def test_a_nik_with_a_defect_is_no_nik(tmp_path: Path) -> None:
    row = membership(1, nik__defect="NIK_DUMMY")
    found = reconcile(tmp_path, extract(row))
    assert found.one("participation")["person_id"] == by_kpj(1)
    assert found.one("persons")["identified_by"] == "kpj"
    assert found.one("identities")["nik"] is None
    assert found.one("identities")["kpj"] == kpj(1)


#: what the province-wide file and the regency's file say of one membership -> kept
SAID_TWICE = [
    ({"status_periode": "draft"}, {"bulan_iuran_terakhir": day("2026-08")}, "grace_1"),
    ({"bulan_iuran_terakhir": day("2026-08")}, {}, "active"),
    ({"bulan_iuran_terakhir": None, "status": None}, {}, "active"),
]


@pytest.mark.parametrize(("wide", "regency", "state"), SAID_TWICE)
@pytest.mark.parametrize("is_swapped", [False, True])
def test_posted_then_best_paid_is_kept(
    tmp_path: Path,
    wide: dict[str, object],
    regency: dict[str, object],
    state: str,
    is_swapped: bool,
) -> None:
    files = [
        extract(membership(1, **wide)),
        extract(membership(1, **regency), area="64.02"),
    ]
    found = reconcile(tmp_path, *(reversed(files) if is_swapped else files))
    assert found.one("participation")["participation_state"] == state


def test_rows_of_another_province_are_counted_but_not_here(tmp_path: Path) -> None:
    rows = [membership(1), membership(2, kode_kabkota="63.01")]
    found = reconcile(tmp_path, extract(*rows), rentan("64.02", entry(2)))
    assert found.values("participation", "area_code") == [("64.02",)]
    assert found.counts["snapshot_other_province"] == 1
    assert found.one("registry")["protection_state"] == "not_enrolled"


def test_membership_id_is_a_pseudonym_of_kpj_segment_and_payer(tmp_path: Path) -> None:
    found = reconcile(tmp_path, extract(membership(1)))
    expected = person_id(KEY, f"membership:{kpj(1)}|BPU|apbd_kab")
    assert found.one("participation")["membership_id"] == str(expected)
    assert isinstance(expected, uuid.UUID)
