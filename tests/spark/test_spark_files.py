"""Files staged and checked on Spark, and which ones are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from cakupan.core import lake
from cakupan.core.settings import Settings
from cakupan.core.spark.session import SparkLake
from engines import on_spark
from expectations.typed_rows import gate, row
from staged_rows import typed, write_raw

PERSON = {
    "nik": "6402014107850001",
    "nama": "CONTOH SITI",
    "tanggal_lahir": "01/07/1985",
}
MEMBER = {"kpj": "26000000011", "nama": "CONTOH", "segmen": "BPU"}


def test_texts_of_every_kind(tmp_path: Path) -> None:
    """Patterns, other scripts and rubbish mean on Spark what they mean on DuckDB."""
    texts = (
        "CONTOH\u00a0\u2003La\u0301ai",
        "\u0130\u212a\u1e9e\u0660",
        "a\nb\r\u2028c\x0b",
        "#N/A",
    )
    rows = [
        PERSON
        | {"alamat": text, "nama": text, "no_hp": text, "status": text, "desa": text}
        for text in texts
    ]
    rows += [
        PERSON | {"nik": "6402-0141-0785-0001", "penghasilan": "1.500.000"},
        PERSON | {"nik": "6.40E+15", "penghasilan": "16,800", "penghasilan__kind": "n"},
        PERSON | {"tanggal_lahir": "29 Pebruari 2004", "desa": "Loa Kulu Kota"},
        PERSON | {"desa": "Sumber Sari", "kecamatan": "Kec. Loa Kulu"},
        PERSON | {"kode_desa": "64.07.01.2001", "mulai": "07/25/2026"},
    ]  # fmt: skip
    typed(tmp_path, "pekerja_rentan", rows, is_spark=True)


def test_codes_of_areas(tmp_path: Path) -> None:
    codes = [("6402", ""), ("6403", "bps"), ("64", "bps"), ("62.1", ""), ("x", "dukun")]
    rows = [
        MEMBER | {"kode_kabkota": code, "skema_kode": scheme, "kode_desa": "6402022004"}
        for code, scheme in codes
    ]
    typed(tmp_path, "bpjs_kepesertaan", rows, area="64", is_spark=True)


@pytest.mark.parametrize("limit", [1_000, -1], ids=["gx", "bulk"])
def test_the_gate(tmp_path: Path, limit: int) -> None:
    rows = [
        row("pekerja_rentan", number % 5, umur=number, source_row=number)
        for number in range(10, 30)
    ]
    rows[3].update(nik=None, nik__defect="NIK_LENGTH")
    rows[7].update(nama=None)
    gate(tmp_path, "pekerja_rentan", rows, limit=limit, is_spark=True)


@pytest.mark.parametrize("rows, is_spark", [(9, False), (10, True), (11, True)])
def test_small_files_stay_on_duckdb(tmp_path: Path, rows: int, is_spark: bool) -> None:
    raw = tmp_path / "raw.parquet"
    write_raw(raw, "pekerja_rentan", [PERSON] * rows)
    settings = replace(on_spark(Settings(home=tmp_path)), spark_file_rows=10)
    with lake.file_session(settings, raw) as opened:
        assert isinstance(opened, SparkLake) is is_spark
    with lake.file_session(replace(settings, engine="duckdb"), raw) as opened:
        assert isinstance(opened, duckdb.DuckDBPyConnection)


def test_many_rows_come_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slice at a time, from rows that are computed once."""
    from cakupan.staging import typed as module

    monkeypatch.setattr(module, "_ROWS_AT_ONCE", 40)
    rows = [
        PERSON | {"row__number": str(i * 3 + 2), "desa": f"X{i}"} for i in range(150)
    ]
    found, _, _ = typed(tmp_path, "pekerja_rentan", rows, is_spark=True)
    assert [one["source_row"] for one in found] == [i * 3 + 2 for i in range(150)]
