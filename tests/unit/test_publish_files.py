"""Release files: typed, safe, described, and the same bytes every time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cakupan.core.schema.mart import PUBLISHED
from cakupan.publish import workbook
from cakupan.publish.content import ReleaseContent
from cakupan.publish.files import write_files
from publish_rows import release_content


@pytest.fixture
def content(tmp_path: Path) -> ReleaseContent:
    return release_content(tmp_path / "content")


@pytest.fixture
def files(tmp_path: Path, content: ReleaseContent) -> Path:
    target = tmp_path / "files"
    target.mkdir()
    write_files(content, target)
    return target


def test_names_of_the_files(files: Path) -> None:
    tables = [*PUBLISHED, "areas"]
    assert {path.name for path in files.iterdir()} == {
        *(f"{name}.csv" for name in tables),
        *(f"{name}.parquet" for name in tables),
        "cakupan.xlsx",
        "datapackage.json",
        "SHA256SUMS",
    }


def test_checksums_are_what_sha256sum_reads(files: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=files,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK") == len(list(files.iterdir())) - 1


def test_same_content_same_bytes(
    tmp_path: Path, content: ReleaseContent, files: Path
) -> None:
    again = tmp_path / "again"
    again.mkdir()
    write_files(content, again)
    for path in files.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name


def test_csv_and_parquet_say_the_same(files: Path, content: ReleaseContent) -> None:
    for name in PUBLISHED:
        raw = (files / f"{name}.csv").read_bytes()
        assert b"\r" not in raw
        assert raw.endswith(b"\n")
        reader = csv.DictReader(io.StringIO(raw.decode("utf-8")))
        rows = list(reader)
        table = pq.read_table(files / f"{name}.parquet")
        assert table.num_rows == len(rows)
        assert reader.fieldnames == table.column_names
        assert set(table["release_id"].to_pylist()) <= {content.release_id}
    share = pq.read_schema(files / "monthly_coverage.parquet").field("coverage_pct")
    assert share.type == pa.decimal128(9, 2)


def test_injected_formula_is_a_text(files: Path) -> None:
    assert ",'=1+1,2026-08-01," in (files / "monthly_coverage.csv").read_text("utf-8")
    book = openpyxl.load_workbook(files / "cakupan.xlsx")
    cells = {
        cell.value: cell.data_type for row in book["monthly_coverage"] for cell in row
    }
    assert cells["=1+1"] == "s"


def test_workbook_is_typed_and_frozen(files: Path, content: ReleaseContent) -> None:
    book = openpyxl.load_workbook(files / "cakupan.xlsx")
    assert book.sheetnames == ["Baca dulu", *PUBLISHED]
    sheet = book["monthly_coverage"]
    assert sheet.freeze_panes == "D2"
    header = [cell.value for cell in sheet[1]]
    row = next(
        dict(zip(header, cells, strict=True))
        for cells in sheet.iter_rows(min_row=2)
        if (cells[1].value, cells[4].value, cells[5].value) == ("64.02", "BPU", "ANY")
    )
    assert row["nama_wilayah"].value == "Kabupaten Kutai Kartanegara"
    assert (row["active_count"].value, row["active_count"].number_format) == (
        2,
        "#,##0",
    )
    assert (row["coverage_pct"].value, row["coverage_pct"].number_format) == (
        66.67,
        "#,##0.00",
    )
    assert row["coverage_month"].is_date
    assert row["target_count"].value is None
    texts = [cell.value for cell in book["Baca dulu"]["B"] if cell.value]
    assert content.release_id in texts
    assert any(text.startswith("SEMENTARA") for text in texts)
    assert "64.03 Kabupaten Berau: pekerja_rentan (berkas ditolak)" in texts


def test_table_too_long_for_a_sheet_goes_without_its_villages(
    tmp_path: Path, content: ReleaseContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "LIMIT", 1000)
    workbook.write_workbook(content, tmp_path / "x.xlsx", tmp_path)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    levels = {cell.value for cell in book["monthly_village_coverage"]["D"]}
    assert levels == {"area_level", "province", "regency", "district"}
    assert any("Baris desa hanya" in str(cell.value) for cell in book["Baca dulu"]["B"])


def test_datapackage_describes_the_files(files: Path, content: ReleaseContent) -> None:
    package = json.loads((files / "datapackage.json").read_text("utf-8"))
    assert package["id"] == content.release_id
    assert package["status"] == "provisional"
    assert package["completeness_pct"] == str(Decimal("5.26"))
    assert "SEMENTARA" in package["description"]
    assert "Edisi internal" in package["description"]
    assert any(each["name"] == "ODbL-1.0" for each in package["licenses"])
    for resource in package["resources"]:
        data = (files / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == "sha256:" + hashlib.sha256(data).hexdigest()
        header = data.decode().splitlines()[0].split(",")
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert list(fields) == header
        assert set(resource["schema"]["primaryKey"]) <= set(header)
        assert resource["schema"]["missingValues"] == [""]
        assert all(field["description"] for field in fields.values())
    types = {
        field["name"]: field["type"]
        for resource in package["resources"]
        for field in resource["schema"]["fields"]
    }
    assert types["coverage_pct"] == "number"
    assert types["active_count"] == "integer"
    assert types["rupiah"] == "number"
    assert types["coverage_month"] == "date"
    assert types["due_at"] == "datetime"
    assert types["is_covered"] == "boolean"
    assert "received_at" not in types
