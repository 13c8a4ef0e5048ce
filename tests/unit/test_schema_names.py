"""The naming law of columns, and comments everywhere."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cakupan.core.schema import SCHEMAS, core, metadata
from cakupan.core.schema.mart import PUBLISHED
from cakupan.warehouse.dictionary import unit_of

COLUMNS = [
    pytest.param(column, id=f"{table}.{column.name}")
    for table in metadata.sorted_tables
    for column in table.columns
]


@pytest.mark.parametrize("column", COLUMNS)
def test_name_tells_the_type(column: sa.Column[object]) -> None:
    name, kind = column.name, column.type
    assert column.comment
    assert column.info["sensitivity"] in {"public", "personal", "financial", "identity"}
    assert isinstance(kind, sa.Boolean) == name.startswith(("is_", "has_"))
    assert isinstance(kind, sa.DateTime) == name.endswith("_at")
    is_date = name.endswith(("_date", "_month")) or name in {
        "valid_from", "valid_to", "valid_until",
    }  # fmt: skip
    assert isinstance(kind, sa.Date) == is_date
    if name.endswith(("_pct", "rupiah")):
        assert isinstance(kind, sa.Numeric)
    if name.endswith("_count"):
        assert isinstance(kind, sa.Integer)


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=str)
def test_table_says_its_grain(table: sa.Table) -> None:
    assert table.schema in SCHEMAS
    assert "Satu baris per " in str(table.comment)


@pytest.mark.parametrize("table", [*core.SLICED, core.persons], ids=str)
def test_key_of_a_slice(table: sa.Table) -> None:
    assert "province_code" in table.columns
    assert ("coverage_month" in table.columns) == (table is not core.persons)


@pytest.mark.parametrize("table", PUBLISHED.values(), ids=str)
def test_key_of_a_mart(table: sa.Table) -> None:
    first = [column.name for column in table.columns][:4]
    assert first == ["release_id", "coverage_month", "area_code", "area_level"]
    assert {"release_id", "coverage_month", "area_code"} <= {
        column.name for column in table.primary_key.columns
    }


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=str)
def test_identities_are_in_the_vault_only(table: sa.Table) -> None:
    grades = {column.info["sensitivity"] for column in table.columns}
    has_names = str(table) in {"vault.identities", "vault.review_records"}
    assert ("identity" in grades) == has_names


@pytest.mark.parametrize(
    ("name", "comment", "unit"),
    [
        ("active_count", "Peserta aktif, orang. Kosong berarti tidak ada", "orang"),
        ("membership_count", "Kepesertaan aktif, kepesertaan (bukan orang)",
         "kepesertaan"),
        ("village_count", "Jumlah desa yang dapat memiliki kelompok ini, desa", "desa"),
        ("received_count", "Jumlah baris data diterima", "baris"),
        ("expected_count", "Jumlah laporan yang wajib ada", "laporan"),
        ("coverage_pct", "Cakupan", "persen"),
        ("income_rupiah", "Penghasilan", "rupiah"),
        ("rupiah", "Nilai uang", "rupiah"),
        ("unpaid_months", "Jumlah bulan", "bulan"),
        ("received_at", "Saat diterima", "waktu UTC"),
        ("name", "Nama, orang", None),
        ("country_count", "Banyaknya", "orang"),
    ],
)  # fmt: skip
def test_units(name: str, comment: str, unit: str | None) -> None:
    assert unit_of(name, comment) == unit
