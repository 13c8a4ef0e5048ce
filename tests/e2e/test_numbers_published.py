"""Figures that were published come out exactly, through the whole job.

Sources: Biro Administrasi Pimpinan Kalimantan Tengah 2022 (62); Teropongnews 2023
(93.01); kutaitimurkab.go.id 2025-07-29 (64.08).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cakupan.demo.published import (
    FIGURES,
    KUTAI_TIMUR_BPU,
    MERAUKE,
    Published,
    write_published,
)
from e2e.home import Home

pytestmark = pytest.mark.slow

COVERAGE = [figure for figure in FIGURES if figure.segment in {"PU", "BPU"}]
MONTHS = {"62": "2022-09", "93": "2023-06", "64": "2024-12"}


@pytest.fixture(scope="module")
def home(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> Home:
    """The three provinces, sent and run through the command line."""
    home = new_home(CAKUPAN_PROVINCES="62,64,93")
    files = write_published(tmp_path_factory.mktemp("published"))
    sent = home.cli("submit", "--json", *(file.path for file in files)).ok().json
    assert {one["state"] for one in sent} == {"landed"}
    ended = home.cli("run", "--json").ok().json
    assert {one["state"] for one in ended["submissions"]} == {"accepted"}
    counts = {file.slot.dataset + str(file.slot.area): file.row_count for file in files}
    assert len(ended["submissions"]) == len(counts) == len(files)
    assert sum(one["accepted"] for one in ended["submissions"]) == sum(counts.values())
    assert {one["month"]: one["province"] for one in ended["releases"]} == {
        month: province for province, month in MONTHS.items()
    }
    return home


def _one(rows: list[dict[str, Any]], **wanted: Any) -> dict[str, Any]:
    (found,) = [
        row for row in rows if all(row[name] == value for name, value in wanted.items())
    ]
    return found


@pytest.mark.parametrize(
    "figure", COVERAGE, ids=lambda figure: f"{figure.area_code} {figure.segment}"
)
def test_coverage_command(home: Home, figure: Published) -> None:
    rows = home.cli(
        "coverage", "--month", figure.month, "--area", figure.area_code,
        "--segment", figure.segment, "--programme", "any", "--json",
    ).ok().json  # fmt: skip
    shown = _one(rows, definition_id="bpjs_potensi")
    assert shown["active_count"] == figure.count
    assert shown["eligible_count"] == figure.of
    assert Decimal(str(shown["coverage_pct"])) == Decimal(figure.pct)
    assert shown["is_above_100"] is (figure.count > figure.of)
    assert shown["denominator_source"]
    assert shown["denominator_date"] in {"2022-08-31", "2024-12-31"}


@pytest.mark.parametrize(
    "figure", COVERAGE, ids=lambda figure: f"{figure.area_code} {figure.segment}"
)
def test_mart_view(home: Home, figure: Published) -> None:
    rows = home.rows(
        "select active_count, eligible_count, coverage_pct::text, is_above_100 "
        "from mart.monthly_coverage where coverage_month = cast(:month as date) "
        "and area_code = :area and segment = :segment and programme = 'ANY' "
        "and definition_id = 'bpjs_potensi'",
        month=f"{figure.month}-01",
        area=figure.area_code,
        segment=figure.segment,
    )
    above = figure.count > figure.of
    assert rows == [(figure.count, figure.of, figure.pct, above)]


def test_lapsed_and_second_memberships_do_not_count(home: Home) -> None:
    ((active, paid_up, grace, lapsed, memberships),) = home.rows(
        "select active_count, paid_up_count, grace_count, lapsed_count, "
        "membership_count from mart.monthly_coverage "
        "where area_code = '62' and segment = 'BPU' and programme = 'ANY' "
        "and definition_id = 'bpjs_potensi'"
    )
    assert active == paid_up + grace == 39_286
    assert lapsed == 700
    assert memberships == 39_286 + 300


def test_segments_may_not_be_averaged(home: Home) -> None:
    """Kutai Timur as a whole: 146,602 of 130,777, not the mean of its segments."""
    rows = home.rows(
        "select active_count, eligible_count, coverage_pct::text, is_above_100 "
        "from mart.monthly_coverage where area_code = '64.08' and segment = 'ALL' "
        "and programme = 'ANY' and definition_id = 'bpjs_potensi'"
    )
    assert rows == [(146_602, 130_777, "112.10", True)]


def test_kampung_of_merauke(home: Home) -> None:
    rows = home.cli(
        "sql",
        "select village_count, covered_village_count, covered_village_pct, "
        "registered_count, active_count from mart.monthly_village_coverage "
        "where area_code = '93.01' and worker_group = 'aparatur_desa'",
        "--json",
    ).ok().json  # fmt: skip
    assert rows == [
        {
            "village_count": MERAUKE.of,
            "covered_village_count": MERAUKE.count,
            "covered_village_pct": 16.2,
            "registered_count": 4 * MERAUKE.of,
            "active_count": 4 * MERAUKE.count,
        }
    ]
    exact = home.rows(
        "select covered_village_pct::text from mart.monthly_village_coverage "
        "where area_code = '93.01' and worker_group = 'aparatur_desa'"
    )
    assert exact == [(MERAUKE.pct,)]


def test_the_kampung_have_three_programmes(home: Home) -> None:
    rows = home.rows(
        "select is_covered, programmes, count(*) from mart.monthly_village_coverage "
        "where area_level = 'village' and area_code like '93.01.%' "
        "and worker_group = 'aparatur_desa' and registered_count > 0 "
        "group by is_covered, programmes order by is_covered, programmes"
    )
    assert [row[0] for row in rows] == [False, True]
    assert rows[1] == (True, "JKK,JKM,JHT", MERAUKE.count)
    assert rows[0][2] == MERAUKE.of - MERAUKE.count


def test_above_100_is_flagged_wherever_it_is_read(home: Home, tmp_path: Path) -> None:
    """Not capped: the number stands, and beside it that it cannot be right."""
    asked = home.cli("coverage", "-m", KUTAI_TIMUR_BPU.month, "-a", "64.08").ok()
    assert "150.87" in asked.out
    assert "64.08 BPU bpjs_potensi: 150,87" in asked.err
    because = home.cli(
        "explain", "-m", KUTAI_TIMUR_BPU.month, "-a", "64.08", "--segment", "BPU",
        "--json",
    ).ok().json  # fmt: skip
    assert [row["coverage_pct"] for row in because["number"]] == [150.87]
    (note,) = because["notes"]
    assert "penyebut terlalu kecil" in note
    assert "77.074 peserta aktif, penyebut 51.086 orang" in note
    assert "COVERAGE_ABOVE_100" in note
    (told,) = home.cli(
        "sql", "select * from mart.monthly_findings where area_code = '64.08' "
        "and segment = 'BPU'", "--json",
    ).ok().json  # fmt: skip
    assert told["finding_code"] == "COVERAGE_ABOVE_100"
    assert (told["active_count"], told["eligible_count"]) == (77_074, 51_086)
    assert told["denominator_date"] == "2024-12-31"
    assert told["denominator_vintage"] is None  # the file that was sent states none
    assert "dari luar wilayah atau tercatat ganda" in told["explanation"]
    assert "penyebut" in told["fix_hint"]
    home.cli(
        "export", "-m", KUTAI_TIMUR_BPU.month, "--province", "64", "--to", tmp_path
    ).ok()
    (folder,) = tmp_path.iterdir()
    table = csv.DictReader(io.StringIO((folder / "monthly_coverage.csv").read_text()))
    shown = _one(
        list(table),
        area_code="64.08",
        segment="BPU",
        programme="ANY",
        definition_id="bpjs_potensi",
    )
    assert (shown["coverage_pct"], shown["is_above_100"]) == ("150.87", "true")
    book = openpyxl.load_workbook(folder / "cakupan.xlsx", read_only=True)
    said = [
        str(cell)
        for row in book["Baca dulu"].values
        for cell in row
        if cell is not None
    ]
    book.close()
    assert any(text.startswith("64.08 ") and "150,87" in text for text in said)
    fields = json.loads((folder / "datapackage.json").read_text())["resources"]
    assert "is_above_100" in json.dumps(fields)


def test_nothing_above_100_where_nothing_is(home: Home) -> None:
    asked = home.cli("coverage", "-m", "2022-09", "-a", "62", "--segment", "PU").ok()
    assert "100" not in asked.err
    because = home.cli("explain", "-m", "2022-09", "-a", "62", "--segment", "PU",
                       "--json").ok().json  # fmt: skip
    assert because["notes"] == []


def test_explain_names_the_files_and_the_release(home: Home) -> None:
    because = home.cli(
        "explain", "-m", "2022-09", "-a", "62", "--segment", "BPU",
        "--definition", "bpjs_potensi", "--json",
    ).ok().json  # fmt: skip
    (number,) = because["number"]
    assert (number["active_count"], number["eligible_count"]) == (39_286, 462_188)
    assert {row["dataset"] for row in because["inputs"]} == {
        "bpjs_kepesertaan",
        "penyebut",
    }
    assert all(len(row["sha256"]) == 64 for row in because["inputs"])
    persons = sum(
        row["person_count"]
        for row in because["memberships"]
        if row["participation_state"] != "lapsed"
    )
    assert persons >= 39_286
    (denominator,) = because["denominator"]
    assert denominator["denominator_source"].startswith("Biro Administrasi Pimpinan")
    assert because["release"]["release_id"].startswith("62-2022-09-")
