"""Rules 2 to 4: persons are counted once, and no data is not zero."""

from __future__ import annotations

from pathlib import Path

import pytest

from cakupan.core import areas
from reconcile_case import (
    Sent,
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


def states(found: object) -> list[tuple[str, str | None]]:
    return found.values("registry", "area_code", "protection_state")  # type: ignore[attr-defined,no-any-return]


def test_without_an_extract_nothing_is_known(tmp_path: Path) -> None:
    found = reconcile(tmp_path, rentan("64.02", entry(1), entry(2, umur=70)))
    for row in found.rows("registry"):
        assert row["protection_state"] is None
        assert row["is_new"] is None
        assert row["programmes"] is None
        assert row["link_rule"] is None
    assert found.rows("participation") == []
    assert found.rows("links") == []
    assert found.kinds() == [("64.02", "ineligible_age")]


def test_an_extract_with_nobody_means_nobody_is_enrolled(tmp_path: Path) -> None:
    nil = Sent("bpjs_kepesertaan", "64", None)
    found = reconcile(tmp_path, nil, rentan("64.02", entry(1)))
    assert states(found) == [("64.02", "not_enrolled")]
    assert found.kinds() == [("64.02", "not_enrolled")]


def test_the_extract_of_a_regency_says_nothing_of_another(tmp_path: Path) -> None:
    found = reconcile(
        tmp_path,
        extract(membership(1), area="64.02"),
        rentan("64.02", entry(1), entry(2)),
        rentan("64.03", entry(1), entry(3)),
        rentan("64", entry(1)),
    )
    assert states(found) == [
        ("64", None),
        ("64.02", "active"),
        ("64.02", "not_enrolled"),
        ("64.03", None),
        ("64.03", None),
    ]


def test_extracts_of_all_regencies_are_one_of_the_province(tmp_path: Path) -> None:
    files = [extract(area=code) for code in areas.regencies("64")[1:]]
    first = extract(membership(1), area=areas.regencies("64")[0])
    found = reconcile(tmp_path, first, *files, rentan("64", entry(1), entry(2)))
    assert states(found) == [("64", "active"), ("64", "not_enrolled")]


def test_a_person_in_all_files_is_one_person(tmp_path: Path) -> None:
    found = reconcile(
        tmp_path,
        extract(membership(1), membership(1, kpj="26000000099", segmen="PU")),
        rentan("64.02", entry(1)),
        rentan("64.03", entry(1)),
        Sent("rt_rw", "64.02", [entry(1)]),
    )
    assert [row["person_id"] for row in found.rows("persons")] == [person(1)]
    assert len(found.rows("identities")) == 1
    assert len(found.rows("registry")) == 3
    assert len(found.rows("links")) == 2


def test_linked_over_the_whole_province(tmp_path: Path) -> None:
    row = membership(1, kode_kabkota="64.71")
    found = reconcile(tmp_path, extract(row), rentan("64.02", entry(1)))
    assert states(found) == [("64.02", "active")]


#: age at the end of the month -> outside the ages of the scheme?
AGES = [(17, True), (18, False), (64, False), (65, True), (None, False)]


@pytest.mark.parametrize(("age", "is_ineligible"), AGES)
def test_ages(tmp_path: Path, age: int | None, is_ineligible: bool) -> None:
    row = entry(1, umur=age, tanggal_lahir=None)
    found = reconcile(tmp_path, rentan("64.02", row)).one("registry")
    assert (found["age_years"], found["is_ineligible"]) == (age, is_ineligible)


def test_age_is_taken_at_the_end_of_the_month(tmp_path: Path) -> None:
    rows = [
        entry(1, umur=None, tanggal_lahir=day("2008-09-30")),
        entry(2, umur=None, tanggal_lahir=day("2008-10-01")),
    ]
    found = reconcile(tmp_path, rentan("64.02", *rows))
    assert found.of("registry", 1)["age_years"] == 18
    assert found.of("registry", 2)["age_years"] == 17


def test_whose_name_is_best_known(tmp_path: Path) -> None:
    found = reconcile(
        tmp_path,
        extract(
            membership(1, nama="NAMA BPJS", tanggal_lahir=None, jenis_kelamin=None)
        ),
        Sent("rt_rw", "64.02", [entry(1, nama="Nama Rete", jenis_kelamin="P")]),
        rentan(
            "64.02",
            entry(1, nama="Nama Rentan", alamat="Jalan Contoh 1", no_hp="0800",
                  jenis_kelamin=None),
        ),
    )  # fmt: skip
    known = found.one("identities")
    assert known["name"] == "NAMA BPJS"
    assert known["birth_date"] == entry(1)["tanggal_lahir"]
    assert (known["address"], known["phone"]) == ("Jalan Contoh 1", "0800")
    assert (known["nik"], known["kpj"]) == (nik(1), None)
    assert known["last_seen_month"] == day("2026-09")
    assert found.one("persons")["sex"] == "P"
    assert found.one("persons")["birth_year"] == 1980


def test_a_person_known_by_kpj_only(tmp_path: Path) -> None:
    found = reconcile(tmp_path, extract(membership(1, nik=None)))
    assert (found.one("identities")["nik"], found.one("identities")["kpj"]) == (
        None,
        kpj(1),
    )
    assert found.one("persons")["identified_by"] == "kpj"
