"""Pairs in doubt, from the month to the steward and back into the next release."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cakupan.rosters.review_book import SHEET
from e2e.home import Home
from e2e.lists import MEMBERS, WORKERS, write_csv

pytestmark = pytest.mark.slow

MONTH, NEXT = "2026-09", "2026-10"
_FIRST = (
    "Bagus", "Citra", "Damar", "Endah", "Fajar", "Galuh", "Hasan", "Indah", "Joko",
    "Laras",
)  # fmt: skip
_LAST = ["Wijaya", "Pratama", "Santoso", "Halim", "Kusuma", "Nugroho", "Rahayu"]
AREA = ("--area", "64.02")


def _person(number: int) -> tuple[str, str, dt.date]:
    """NIK, name and birth date of nobody."""
    born = dt.date(1966, 1, 1) + dt.timedelta(days=(number * 7919) % 13_000)
    name = f"{_FIRST[number % 10]} {_LAST[number % 7]} {chr(65 + number % 26)}ila"
    return f"640201{born:%d%m%y}{7101 + number % 9:04d}", name, born


def _worker(number: int, nik: str | None = None, **changed: Any) -> list[str]:
    known, name, born = _person(number)
    name, born = changed.get("name", name), changed.get("born", born)
    return [nik or known, name, f"{born:%d/%m/%Y}", "L", "64.02.01.2003",
            "Rp 1.250.000", "terverifikasi", "apbd_kab"]  # fmt: skip


def _member(number: int, paid: str, nik: str | None = None) -> list[str]:
    known, name, born = _person(number)
    return [f"26771{number:06d}", known if nik is None else nik, name.upper(),
            f"{born:%d/%m/%Y}", "BPU", "Y", "Y", paid, "64.02", "", "posting"]  # fmt: skip


OTHER_NIK = f"647105{_person(2)[2]:%d%m%y}0003"
"""A second number of the same birth date: not proven wrong by its own row."""
STRANGER = {"name": "Zulkarnain Mahendra", "born": dt.date(1999, 3, 3)}


def _send(home: Home, folder: Path, month: str) -> None:
    """Person 1 has no NIK at BPJS, 2 has another NIK there, 3 is somebody else there."""
    known = [_worker(number) for number in range(10, 60)]
    workers = [_worker(1), _worker(2, OTHER_NIK), _worker(3, **STRANGER), *known]
    members = [_member(1, month, ""), *(_member(n, month) for n in range(2, 200))]
    files = (
        write_csv(folder / f"pekerja_rentan_64.02_{month}.csv", WORKERS, workers),
        write_csv(folder / f"bpjs_kepesertaan_64_{month}.csv", MEMBERS, members),
    )
    home.cli("submit", *files).ok()


@pytest.fixture(scope="module")
def home(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> Home:
    home = new_home()
    url = home.variables["CAKUPAN_WAREHOUSE_URL"]
    home = home.told(
        CAKUPAN_STEWARD_URL=url.replace("cakupan_etl", "cakupan_steward", 1)
    )
    _send(home, tmp_path_factory.mktemp("first"), MONTH)
    home.cli("run", "--json").ok()
    return home


def _states(home: Home, month: str) -> tuple[Any, ...]:
    (row,) = home.rows(
        "select registered_count, active_count, unenrolled_count, review_count, "
        "probable_count from mart.monthly_protection where area_code = '64.02' "
        "and worker_group = 'pekerja_rentan' and coverage_month = cast(:m as date)",
        m=f"{month}-01",
    )
    return tuple(row)


def _release(home: Home, month: str) -> str:
    ((found,),) = home.rows(
        "select release_id from mart.monthly_protection where area_code = '64' "
        "and coverage_month = cast(:m as date) limit 1",
        m=f"{month}-01",
    )
    return str(found)


def test_from_doubt_to_decision_to_release(home: Home, tmp_path: Path) -> None:
    assert _states(home, MONTH) == (53, 51, 0, 2, 1)
    before = _release(home, MONTH)
    queue = home.cli("review", "list", "-m", MONTH, *AREA, "--json").ok().json
    rules = {pair["link_rule"]: pair["pair_id"] for pair in queue}
    assert set(rules) == {"probabilistic", "nik_conflict"}
    assert (
        home.cli("review", "list", "-m", MONTH, "--area", "64.03", "--json").json == []
    )

    conflict = rules["nik_conflict"]
    shown = home.cli("review", "show", conflict[:8], "-m", MONTH, *AREA).ok()
    assert STRANGER["name"] in shown.out
    assert _person(3)[1].upper() in shown.out
    purposes = [row[0] for row in home.rows("select purpose from vault.access_log")]
    assert purposes == [f"review show 64.02 {MONTH}"]

    book = tmp_path / "tinjauan.xlsx"
    home.cli("review", "export", "-m", MONTH, *AREA, "--out", book).ok()
    filled = openpyxl.load_workbook(book)
    sheet = filled[SHEET]
    titles = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        is_conflict = row[titles.index("Pasangan")].value == conflict
        row[titles.index("Keputusan")].value = "beda" if is_conflict else "sama"
    filled.save(book)
    imported = ("review", "import", book, "-m", MONTH, *AREA, "--by", "Ani Contoh")
    assert home.cli(*imported).ok().err.startswith("2 ")
    assert home.cli(*imported).ok().err.startswith("0 ")
    assert home.cli("review", "list", "-m", MONTH, *AREA, "--json").ok().json == []

    ended = home.cli("run", "--month", MONTH, "--json").ok().json
    assert [one["is_new"] for one in ended["releases"]] == [True]
    assert _release(home, MONTH) != before
    assert _states(home, MONTH) == (53, 52, 1, 0, 1)
    again = home.cli("run", "--month", MONTH, "--json").ok().json
    assert [one["is_new"] for one in again["releases"]] == [False]
    assert home.cli(*imported).ok().err.startswith("0 ")
    changed = home.rows(
        "select measure, before_value, after_value from mart.release_differences "
        "where table_name = 'monthly_protection' and area_code = '64.02' "
        "and measure in ('active_count', 'review_count')"
    )
    assert sorted(map(tuple, changed)) == [
        ("active_count", "51", "52"), ("review_count", "2", "0"),
    ]  # fmt: skip


def test_the_next_month_knows_the_decisions(home: Home, tmp_path: Path) -> None:
    _send(home, tmp_path, NEXT)
    home.cli("run", "--json").ok()
    assert _states(home, NEXT) == (53, 52, 1, 0, 1)
    assert home.cli("review", "list", "-m", NEXT, *AREA, "--json").ok().json == []


def test_the_link_says_why_and_the_analyst_sees_no_name(home: Home) -> None:
    rows = home.cli(
        "sql", "select link_rule, link_state, evidence from core.links "
        "where link_rule not in ('nik_equal') and coverage_month = '2026-10-01' "
        "order by 1", "--json",
    ).ok().json  # fmt: skip
    assert [(row["link_rule"], row["link_state"]) for row in rows] == [
        ("nik_conflict", "different"), ("probabilistic", "linked"),
        ("steward", "linked"),
    ]  # fmt: skip
    for table in ("vault.review_records", "vault.review_decisions"):
        assert home.cli("sql", f"select * from {table}").status != 0


def test_what_was_decided_can_be_taken_back(home: Home) -> None:
    at = ("-m", NEXT, *AREA)
    decided = home.cli("review", "list", *at, "--all", "--json").ok().json
    told = {pair["decision"]: (pair["pair_id"], pair["decided_by"]) for pair in decided}
    assert set(told) == {"same", "different"}
    conflict, who = told["different"]
    assert who == "Ani Contoh"
    assert STRANGER["name"] in home.cli("review", "show", conflict, *at).ok().out
    home.cli("review", "decide", conflict, "unsure", *at, "--by", "Budi Contoh").ok()
    home.cli("run", "--month", NEXT).ok()
    assert _states(home, NEXT) == (53, 52, 0, 1, 1)
    assert _states(home, MONTH) == (53, 52, 1, 0, 1)


def test_without_the_right_nothing_is_told(home: Home) -> None:
    analyst = home.environ["CAKUPAN_ANALYST_URL"]
    refused = home.told(CAKUPAN_STEWARD_URL=analyst).cli(
        "review", "list", "-m", MONTH, *AREA
    )
    assert refused.status == 2
    assert "STEWARD_RIGHT_MISSING" in refused.err


def test_what_is_no_decision(home: Home) -> None:
    for words, code in (
        (("decide", "ffff", "same", "--by", "Ani"), "REVIEW_PAIR_UNKNOWN"),
        (("import", "/tidak/ada.xlsx", "--by", "Ani"), "FILE_NOT_FOUND"),
    ):
        refused = home.cli("review", *words, "-m", MONTH, *AREA)
        assert refused.status == 2
        assert code in refused.err
