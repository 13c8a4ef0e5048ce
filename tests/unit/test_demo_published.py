"""Files of the published figures, counted by plain SQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from cakupan.core import areas
from cakupan.demo.generate import DemoFile
from cakupan.demo.published import FIGURES, MERAUKE, write_published


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DemoFile, ...]]:
    target = tmp_path_factory.mktemp("published")
    yield write_published(target)
    shutil.rmtree(target)


def extract(files: tuple[DemoFile, ...], province: str) -> Path:
    return next(
        found.path
        for found in files
        if found.slot.dataset == "bpjs_kepesertaan" and str(found.slot.area) == province
    )


ACTIVE = """
    select count(distinct nik), count(*), count(distinct kpj)
    from read_parquet($path)
    where
        segmen = $segment
        and starts_with(kode_kabkota, $area)
        and strptime(bulan_iuran_terakhir, '%Y-%m')
            > strptime($month, '%Y-%m') - interval 3 month
"""


@pytest.mark.parametrize(
    "figure", FIGURES, ids=lambda one: f"{one.area_code}-{one.segment}"
)
def test_counts(files: tuple[DemoFile, ...], figure) -> None:  # type: ignore[no-untyped-def]
    share = Decimal(figure.count * 100) / Decimal(figure.of)
    assert str(share.quantize(Decimal("0.01"))) == figure.pct
    if figure is MERAUKE:
        return
    persons, rows, kpj = duckdb.execute(
        ACTIVE,
        {
            "path": str(extract(files, figure.area_code[:2])),
            "segment": figure.segment,
            "area": figure.area_code,
            "month": figure.month,
        },
    ).fetchall()[0]
    assert persons == figure.count
    assert rows == kpj > persons  # some persons have two memberships


def test_merauke_counts_kampung(files: tuple[DemoFile, ...]) -> None:
    assert areas.village_count("93.01", areas.DESA_KINDS) == MERAUKE.of
    rows = duckdb.execute(
        "select nik, jkk || jkm || jht from read_parquet($path)"
        " where bulan_iuran_terakhir = $month",
        {"path": str(extract(files, "93")), "month": MERAUKE.month},
    ).fetchall()
    assert {flags for _, flags in rows} == {"YYY"}
    assert len(rows) == 29 * 4


def test_row_counts(files: tuple[DemoFile, ...]) -> None:
    assert [found.path.name for found in files] == [
        "bpjs_kepesertaan_62_2022-09.parquet",
        "penyebut_62_2022-09.csv",
        "aparatur_desa_93.01_2023-06.xlsx",
        "bpjs_kepesertaan_93_2023-06.parquet",
        "bpjs_kepesertaan_64_2024-12.parquet",
        "penyebut_64_2024-12.csv",
    ]
    for found in files:
        if found.path.suffix == ".parquet":
            rows = duckdb.execute(
                "select count(*) from read_parquet($path)", {"path": str(found.path)}
            ).fetchall()
            assert rows == [(found.row_count,)]
    assert files[2].row_count == 179 * 4
