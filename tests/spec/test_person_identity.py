"""Rule 3: when the person with an equal NIK is another person.

Only a very different name together with another birth date speaks against an equal NIK.
A birth date alone never does: it is corrected while the NIK stays (PP 37/2007).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from cakupan.core.lake import run_sql
from reconcile_case import day, entry, extract, membership, person, reconcile, rentan


@pytest.fixture(scope="module")
def identity() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    run_sql(connection, "04_reconcile", "macros_identity.sql")
    yield connection
    connection.close()


#: one spelling, another, very different?
NAMES = [
    ("BUDI SANTOSO", "Budi Santoso", False),
    ("Budi Santoso", "Budi Santosa", False),
    ("Budi Santoso", "Santoso Budi", False),
    ("Budi", "Budi Santoso", False),
    ("B. Santoso", "Budi Santoso", False),
    ("Budi Santoso", "Agus Santoso", False),  # half of it is the same: a low bar
    ("Budi Santoso", "Agus Wibowo", True),
    ("Muhammad Rizki", "M. Rizky", False),
    ("Muh. Hasan", "Mohammad Andi", True),  # Muhammad is no evidence
    ("Siti Aminah", "Siti Rahmawati", True),  # neither is Siti
    ("Muhammad", "Muhamad", False),
    ("Mispoyo, S.Pd., M.Pd", "MISPOYO", False),
    ("Muhammad Hamsani, ST, M.Si", "Muhammad Hamsani", False),
    ("Wati, Sri", "Sri Wati", False),  # no titles after the comma: nothing is cut
    ("La'ai Bulatn", "Laai Bulatn", False),
    ("Hj. Nurhayati", "Nur Hayati", False),
    ("Ahmad bin Yusuf", "Ahmad Jusuf", False),
    ("Tjahjono", "Cahyono", False),
    ("Ujang", "Supriyadi", True),
    ("Yohanes Kogoya", "Maria Wenda", True),
    ("Ödön", "Odon", False),
    (None, "Budi", False),
    ("Budi", None, False),
    ("", "Budi", False),
    ("12345", "Budi", False),
    (",", "Budi", False),
]


@pytest.mark.parametrize(("name", "other", "is_different"), NAMES)
def test_very_different_names(
    identity: duckdb.DuckDBPyConnection,
    name: str | None,
    other: str | None,
    is_different: bool,
) -> None:
    query = (
        "select is_another_person($1, date '1980-03-04', $2, date '1991-11-12'), "
        "is_another_person($2, date '1991-11-12', $1, date '1980-03-04'), "
        "is_another_person($1, date '1980-03-04', $2, date '1980-03-04')"
    )
    found = identity.execute(query, [name, other]).fetchone()
    assert found == (is_different, is_different, False)


#: birth dates of two very different names -> conflict?
DATES = [
    ("1980-03-04", "1980-03-04", False),
    ("1980-03-04", "1980-03-05", True),
    ("1980-03-04", "1991-03-04", True),
    ("1980-01-01", "1980-03-04", False),  # 1 January stands for "not known"
    ("1980-07-01", "1980-03-04", False),
    ("1980-03-04", "1980-12-31", False),
    ("1980-01-01", "1991-03-04", True),
    (None, "1991-03-04", False),
    ("1980-03-04", None, False),
]


@pytest.mark.parametrize(("date", "other", "is_conflict"), DATES)
def test_birth_dates_of_very_different_names(
    identity: duckdb.DuckDBPyConnection,
    date: str | None,
    other: str | None,
    is_conflict: bool,
) -> None:
    query = (
        "select is_another_person('Budi Santoso', $1::date, 'Maria Wenda', $2::date)"
    )
    assert identity.execute(query, [date, other]).fetchone() == (is_conflict,)


def test_a_conflict_is_neither_active_nor_unenrolled(tmp_path: Path) -> None:
    stranger = membership(1, nama="Maria Wenda", tanggal_lahir=day("1991-11-12"))
    found = reconcile(tmp_path, extract(stranger), rentan("64.02", entry(1)))
    row = found.one("registry")
    assert (row["protection_state"], row["link_rule"]) == ("review", "nik_conflict")
    assert row["programmes"] is None
    assert row["is_new"] is None
    link = found.one("links")
    assert (link["link_rule"], float(link["probability"])) == ("nik_conflict", 0.05)
    assert link["evidence"] == "name=differs;birth_date=differs"
    assert found.kinds() == [("64.02", "identity_conflict")]


def test_one_membership_that_is_the_persons_own_decides(tmp_path: Path) -> None:
    rows = [
        membership(1, bulan_iuran_terakhir=day("2026-08")),
        membership(
            1, kpj="26000000099", nama="Maria Wenda", tanggal_lahir=day("1991-11-12")
        ),
    ]
    found = reconcile(tmp_path, extract(*rows), rentan("64.02", entry(1)))
    row = found.one("registry")
    assert (row["protection_state"], row["link_rule"]) == ("grace_1", "nik_equal")
    assert found.values("links", "link_rule") == [("nik_conflict",), ("nik_equal",)]
    assert found.kinds() == [("64.02", "identity_conflict"), ("64.02", "in_grace")]


def test_a_corrected_birth_date_or_a_missing_one_is_no_conflict(tmp_path: Path) -> None:
    rows = [
        membership(1, tanggal_lahir=day("1991-11-12")),
        membership(2, tanggal_lahir=None, nama="Maria Wenda"),
        membership(3, nama="Maria Wenda"),
    ]
    listed = [entry(number) for number in (1, 2, 3)]
    found = reconcile(tmp_path, extract(*rows), rentan("64.02", *listed))
    assert found.values("registry", "protection_state") == [("active",)] * 3
    evidence = {row["person_id"]: row["evidence"] for row in found.rows("links")}
    assert evidence == {
        person(1): "nik=equal;birth_date=differs",
        person(2): "nik=equal;birth_date=missing",
        person(3): "nik=equal;birth_date=equal",
    }


def test_two_entries_of_different_people_are_no_double_registration(
    tmp_path: Path,
) -> None:
    stranger = entry(1, nama="Maria Wenda", tanggal_lahir=day("1991-11-12"))
    found = reconcile(
        tmp_path,
        extract(membership(1)),
        rentan("64.02", entry(1)),
        rentan("64.03", stranger),
    )
    states = found.values("registry", "area_code", "protection_state")
    assert states == [("64.02", "active"), ("64.03", "review")]
    assert found.kinds() == [
        ("64.02", "identity_conflict"),
        ("64.03", "identity_conflict"),
    ]
    assert found.one("links")["link_rule"] == "nik_equal"
