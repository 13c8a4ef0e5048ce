"""The files of the demo, and the truth the manifest tells about them."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import io
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from cakupan.core import areas
from cakupan.core.contracts import DATASETS, contract
from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth
from cakupan.demo import DemoFile, DemoProvince, generate, read_manifest
from cakupan.demo.generate import LATE_REGENCY, NIL, REFUSED, REVISED, SILENT
from cakupan.demo.reference import ALLOCATED, SAMPLED, denominator_rows
from cakupan.demo.styles import HEADERS, STYLES


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProvince]:
    target = tmp_path_factory.mktemp("demo")
    yield generate(target, scale=0.05)
    shutil.rmtree(target)


def cells(found: DemoFile) -> list[list[object]]:
    """All rows of a file, by a reader that is not ours."""
    style = STYLES.get(str(found.slot.area), STYLES["64.01"])
    if found.path.suffix == ".parquet":
        return [list(row.values()) for row in pq.read_table(found.path).to_pylist()]
    if style.is_sheet and found.slot.dataset not in {"penyebut", "target"}:
        return (
            CalamineWorkbook.from_filelike(io.BytesIO(found.path.read_bytes()))
            .get_sheet_by_index(0)
            .to_python()
        )
    data = found.path.read_bytes()
    text = (gzip.decompress(data) if found.path.suffix == ".gz" else data).decode(
        style.encoding
    )
    return [
        list(row) for row in csv.reader(io.StringIO(text), delimiter=style.delimiter)
    ]


def data_rows(found: DemoFile) -> int:
    """Rows of people: no header, titles, NIHIL or totals."""
    rows = [row for row in cells(found) if any(str(cell).strip() for cell in row)]
    if found.path.suffix == ".parquet":
        return len(rows)
    width = max(len(row) for row in rows)
    full = [row for row in rows if sum(bool(str(c).strip()) for c in row) > 2]
    assert width >= 3
    return len(full) - 1


def test_rows_in_the_files_are_as_the_manifest_says(province: DemoProvince) -> None:
    for found in province.files:
        assert data_rows(found) == found.row_count, found.path.name


def test_accepted_plus_quarantined_is_received(province: DemoProvince) -> None:
    for found in province.files:
        if found.state == "accepted":
            held = sum(found.quarantined.values())
            assert found.accepted_count + held == found.row_count
        else:
            assert found.accepted_count == 0
        assert not set(found.quarantined) & set(found.reported) - {"NIK_FLOAT_INEXACT"}


def test_about_one_row_in_twenty_is_dirty(province: DemoProvince) -> None:
    lists = [
        found
        for found in province.files
        if contract(found.slot.dataset).kind == "registry" and found.quarantined
    ]
    dirty = sum(
        sum(found.quarantined.values()) + sum(found.reported.values())
        for found in lists
    )
    assert 0.03 < dirty / sum(found.row_count for found in lists) < 0.08


def test_who_sends_what(province: DemoProvince) -> None:
    months = [str(month) for month in province.months]
    assert months == ["2026-07", "2026-08", "2026-09"]
    slots = Counter(found.slot for found in province.files)
    with_desa = [code for code in areas.regencies("64") if areas.has_desa(code)]
    for month in province.months:
        by_dataset = {
            name: sorted(
                str(slot.area)
                for slot in slots
                if slot.dataset == name and slot.month == month
            )
            for name in DATASETS
        }
        assert by_dataset["pekerja_rentan"] == list(areas.regencies("64"))
        assert by_dataset["aparatur_desa"] == with_desa
        assert by_dataset["bpjs_kepesertaan"] == ["64"]
        assert SILENT[0] not in by_dataset[SILENT[1]]
    assert {str(slot.area) for slot in province.missing} == {SILENT[0]}
    assert len(province.missing) == 3
    twice = [slot for slot, number in slots.items() if number > 1]
    assert [(str(s.area), s.dataset, str(s.month)) for s in twice] == [
        (*REVISED, "2026-09")
    ]


def test_one_regency_is_late_in_the_last_month(province: DemoProvince) -> None:
    due = {"2026-07": dt.date(2026, 8, 10), "2026-08": dt.date(2026, 9, 10)}
    due["2026-09"] = dt.date(2026, 10, 10)
    late = {
        (str(found.slot.area), str(found.slot.month))
        for found in province.files
        if contract(found.slot.dataset).kind == "registry"
        and found.stored_at.date() > due[str(found.slot.month)]
    }
    assert late == {(LATE_REGENCY, "2026-09")}
    assert all(found.stored_at.tzinfo is dt.UTC for found in province.files)
    assert [f.stored_at for f in province.files] == sorted(
        f.stored_at for f in province.files
    )


def test_one_file_is_refused_and_one_is_nil(province: DemoProvince) -> None:
    refused = [found for found in province.files if found.state == "refused"]
    assert [(str(f.slot.area), f.slot.dataset, str(f.slot.month)) for f in refused] == [
        (*REFUSED, "2026-09")
    ]
    headers = {str(cell) for row in cells(refused[0])[:5] for cell in row}
    assert not headers & set(HEADERS["nik"])
    nil = [found for found in province.files if found.is_nil]
    assert [(str(f.slot.area), f.slot.dataset, str(f.slot.month)) for f in nil] == [
        (*NIL, "2026-08")
    ]


def key(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def test_every_header_is_known_to_the_contract() -> None:
    """Senders of the demo use headers a contract lists for that very column."""
    for dataset in ("pekerja_rentan", "non_asn", "aparatur_desa", "rt_rw"):
        for column in contract(dataset).columns:
            known = {key(column.name), *map(key, column.aliases)}
            for header in HEADERS.get(column.name, ()):
                assert key(header) in known, (dataset, header)


def test_the_extract_says_what_is_wrong_with_it(province: DemoProvince) -> None:
    extracts = [f for f in province.files if f.slot.dataset == "bpjs_kepesertaan"]
    assert [f.path.suffix for f in extracts] == [".parquet", ".csv", ".parquet"]
    rows = pq.read_table(extracts[0].path).to_pylist()
    assert {row["skema_kode"] for row in rows} == {"kemendagri"}
    assert sum(row["kpj"] is None for row in rows) == extracts[0].quarantined.get(
        "KPJ_MISSING", 0
    )
    assert {row["segmen"] for row in rows} >= {"PU", "BPU", "JAKON", "PMI"}
    header, *lines = cells(extracts[1])
    assert {line[header.index("skema_kode")] for line in lines} == {"bps"}


def test_demo_denominators_are_labelled_and_sum(province: DemoProvince) -> None:
    header, *rows = denominator_rows(1.0)
    table = [dict(zip(header, row, strict=True)) for row in rows]
    assert {row["definisi"] for row in table} == {ALLOCATED, SAMPLED}
    assert all(str(row["sumber"]).startswith("DEMO") for row in table)
    for definition in (ALLOCATED, SAMPLED):
        for segment in ("PU", "BPU", "ALL"):
            counts = {
                row["kode_wilayah"]: int(str(row["jumlah_orang"]))
                for row in table
                if row["definisi"] == definition and row["segmen"] == segment
            }
            whole = counts.pop("64")
            assert sum(counts.values()) == whole
            assert len(counts) == 10
    whole = [
        row["jumlah_orang"]
        for row in table
        if (row["kode_wilayah"], row["definisi"], row["segmen"])
        == ("64", ALLOCATED, "ALL")
    ]
    assert whole == ["1969739"]


def fingerprint(target: Path) -> dict[str, str]:
    return {
        str(path.relative_to(target)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(target.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    first = generate(tmp_path / "a", months=2, scale=0.02)
    generate(tmp_path / "b", months=2, scale=0.02)
    generate(tmp_path / "c", months=2, scale=0.02, seed=65)
    assert fingerprint(tmp_path / "a") == fingerprint(tmp_path / "b")
    assert fingerprint(tmp_path / "a") != fingerprint(tmp_path / "c")
    assert first.manifest == tmp_path / "a" / "manifest.json"


def test_the_manifest_reads_back(province: DemoProvince) -> None:
    assert read_manifest(province.target) == province


def test_one_month_over_a_new_year(tmp_path: Path) -> None:
    found = generate(tmp_path, months=1, scale=0.01, last_month="2025-12")
    assert found.months == (CoverageMonth(2025, 12),)
    assert {f.stored_at.year for f in found.files} == {2026}
    assert not any(f.is_nil for f in found.files)


def test_a_month_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="MONTH_INVALID"):
        generate(tmp_path, last_month="2026-13")
    assert list(tmp_path.iterdir()) == []
