"""Empty, duplicate, late, re-run and shuffled inputs; shape of what is handed over."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from cakupan.core.errors import InvariantBroken
from cakupan.core.month import CoverageMonth
from cakupan.core.privacy import PersonKey
from cakupan.reconcile.tables import OUTPUTS, order_of
from reconcile_case import (
    Sent,
    day,
    entry,
    extract,
    membership,
    nik,
    person,
    reconcile,
    rentan,
)

_PARQUET = {
    sa.Uuid: "extension<arrow.uuid>",
    sa.Text: "string",
    sa.Boolean: "bool",
    sa.Date: "date32[day]",
    sa.Integer: "int32",
    sa.SmallInteger: "int16",
}


def parquet_type(column: sa.Column[object]) -> str:
    """How the type of a warehouse column is written in Parquet."""
    if isinstance(column.type, sa.Numeric):
        return f"decimal128({column.type.precision}, {column.type.scale})"
    return _PARQUET[type(column.type)]


def province_month() -> list[Sent]:
    """A bit of everything."""
    return [
        extract(
            *(
                membership(
                    number,
                    bulan_iuran_terakhir=day(f"2026-{6 + number % 4:02d}"),
                    kode_kabkota=f"64.0{1 + number % 3}",
                    nik=None if number % 11 == 0 else nik(number),
                )
                for number in range(40)
            ),
            *(membership(number, sumber_iuran="csr") for number in range(10)),
        ),
        extract(*(membership(number) for number in range(5, 15)), area="64.02"),
        rentan(
            "64.02",
            *(entry(number) for number in range(20, 50)),
            quarantined=[{"source_row": 99, "codes": ["NIK_LENGTH"]}],
        ),
        rentan("64.03", *(entry(number, umur=70) for number in range(45, 55))),
        Sent("aparatur_desa", "64.02", [entry(22, kode_desa="64.02.01.2003")]),
        Sent("non_asn", "64", None),
    ]


def test_empty_month(tmp_path: Path) -> None:
    found = reconcile(tmp_path, province="11")
    assert {table.name: found.rows(table.name) for table in OUTPUTS} == {
        table.name: [] for table in OUTPUTS
    }


def test_columns_and_types_are_those_of_the_warehouse(tmp_path: Path) -> None:
    for name, files in (("empty", []), ("full", province_month())):
        folder = tmp_path / name
        folder.mkdir()
        found = reconcile(folder, *files, month=CoverageMonth(2026, 9))
        for table in OUTPUTS:
            schema = pq.read_schema(found.folder / f"{table.name}.parquet")
            assert schema.names == [column.name for column in table.columns]
            assert [str(kind) for kind in schema.types] == [
                parquet_type(column) for column in table.columns
            ]


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    found = reconcile(tmp_path, *province_month())
    names = {path.name for path in found.folder.iterdir()}
    assert names == {f"{table.name}.parquet" for table in OUTPUTS}


@pytest.mark.parametrize("table", OUTPUTS, ids=lambda table: table.name)
def test_order_and_grain_are_declared(table: sa.Table) -> None:
    assert set(order_of(table.name)) <= {column.name for column in table.columns}


def test_rerun_shuffled_and_threaded_give_the_same_bytes(tmp_path: Path) -> None:
    expected = None
    for seed in range(4):
        folder = tmp_path / str(seed)
        folder.mkdir()
        files = province_month()
        shuffle = random.Random(seed)
        numbered = [
            Sent(
                file.dataset,
                file.area,
                None
                if file.rows is None
                else shuffle.sample(
                    [
                        {"source_row": at, **row}
                        for at, row in enumerate(file.rows, start=2)
                    ],
                    len(file.rows),
                ),
                quarantined=file.quarantined,
            )
            for file in files
        ]
        shuffle.shuffle(numbered)
        found = reconcile(folder, *numbered, threads=1 + seed % 3).bytes()
        expected = expected or found
        assert found == expected


def test_a_person_twice_in_a_file_is_one_row_and_counted(tmp_path: Path) -> None:
    rows = [entry(1, status="usulan"), entry(1, status="ditetapkan"), entry(2)]
    for name, given in (("a", rows), ("b", rows[::-1])):
        folder = tmp_path / name
        folder.mkdir()
        found = reconcile(folder, rentan("64.02", *given))
        assert found.counts["registry_repeated"] == 1
        assert found.of("registry", 1)["registration_status"] == "ditetapkan"
        assert len(found.rows("registry")) == 2


def test_a_late_file_adds_its_area_and_changes_no_other(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    (tmp_path / "after").mkdir()
    files = [extract(membership(1)), rentan("64.02", entry(1))]
    before = reconcile(tmp_path / "before", *files)
    after = reconcile(tmp_path / "after", *files, rentan("64.03", entry(2)))
    kept = [row for row in after.rows("registry") if row["area_code"] == "64.02"]
    assert kept == before.rows("registry")
    assert after.rows("participation") == before.rows("participation")


def test_what_a_registry_row_carries(tmp_path: Path) -> None:
    row = entry(
        1,
        kode_desa="64.02.01.2003",
        pekerjaan="nelayan",
        penghasilan=1_234_567,
        status="terverifikasi",
        sumber_dana=None,
        mulai=day("2026-01-01"),
        selesai=day("2026-12-31"),
    )
    found = reconcile(tmp_path, rentan("64.02", row)).one("registry")
    assert found == {
        "coverage_month": day("2026-09-01"),
        "province_code": "64",
        "area_code": "64.02",
        "worker_group": "pekerja_rentan",
        "person_id": person(1),
        "village_code": "64.02.01.2003",
        "payer": "tidak_diketahui",
        "funding_payer": "tidak_diketahui",
        "expected_rupiah": None,
        "registration_status": "terverifikasi",
        "position": "nelayan",
        "income_rupiah": 1_234_567,
        "start_date": day("2026-01-01"),
        "end_date": day("2026-12-31"),
        "age_years": 46,
        "protection_state": None,
        "is_new": None,
        "is_ineligible": False,
        "is_reaching_age_limit": False,
        "programmes": None,
        "link_rule": None,
        "submission_id": "pekerja_rentan-64.02-2026-09-001",
        "source_row": 2,
    }


def test_wage_and_position_of_the_other_groups(tmp_path: Path) -> None:
    found = reconcile(
        tmp_path,
        Sent("non_asn", "64.02", [entry(1, jabatan="pengemudi", upah=3_000_000)]),
        Sent("rt_rw", "64.02", [entry(2, jabatan="ketua_rt")]),
    )
    assert found.values("registry", "worker_group", "position", "income_rupiah") == [
        ("non_asn", "pengemudi", 3_000_000),
        ("rt_rw", "ketua_rt", None),
    ]


def test_another_key_makes_other_persons_and_only_the_vault_knows(
    tmp_path: Path,
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = reconcile(tmp_path / "a", *province_month())
    other = reconcile(tmp_path / "b", *province_month(), key=PersonKey.of("k" * 32))
    assert {row["person_id"] for row in one.rows("persons")}.isdisjoint(
        row["person_id"] for row in other.rows("persons")
    )
    for table in OUTPUTS:
        if table.schema != "vault":
            for row in one.rows(table.name):
                text = repr(sorted(row.items()))
                assert nik(22)[:11] not in text, table.name
                assert "Orang Contoh" not in text.title(), table.name


@pytest.mark.parametrize(
    "file",
    [rentan("64.02", entry(1, nik=None)), extract(membership(1, kpj=None)),
     extract(membership(1, segmen=None))],
)  # fmt: skip
def test_an_accepted_row_lacking_its_key_stops_the_month(
    tmp_path: Path, file: Sent
) -> None:
    with pytest.raises(InvariantBroken, match="ACCEPTED_ROW_INCOMPLETE"):
        reconcile(tmp_path, file)


def test_a_number_too_large_stops_the_month_without_being_quoted(
    tmp_path: Path,
) -> None:
    row = {
        "kode_wilayah": "64.02", "segmen": "BPU", "definisi": "x",
        "jumlah_orang": 99_999_999_999, "sumber": "x",
        "tanggal_acuan": day("2025-08-31"),
    }  # fmt: skip
    with pytest.raises(InvariantBroken) as caught:
        reconcile(tmp_path, Sent("penyebut", "64", [row]))
    assert caught.value.code == "RECONCILED_VALUE_OUT_OF_RANGE"
    assert "99999999999" not in str(caught.value)
    assert caught.value.__suppress_context__
