"""BPS 6402 is Kutai Barat, Kemendagri 64.02 is Kutai Kartanegara.

The same four digits in another scheme are another regency: what is declared is
believed, what is not and could be either is refused, and nothing else waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from e2e.home import Home
from e2e.lists import MEMBERS, WORKERS, people, write_csv

pytestmark = pytest.mark.slow

KUTAI_KARTANEGARA, KUTAI_BARAT = "64.02", "64.07"
# as (code, scheme, how many persons); each month is one file of the province
FILES = {
    "2026-05": [("64.02", "", 3), ("64.07", "", 2)],
    "2026-06": [("6402", "bps", 5), ("6403", "bps", 1)],
    "2026-07": [("64.02", "kemendagri", 3), ("6402", "bps", 4)],
    "2026-08": [("6402", "", 3), ("6403", "", 2)],
    "2026-09": [("6402", "", 3), ("6407", "", 2)],
}
# persons in Kutai Kartanegara and Kutai Barat
EXPECTED = {
    "2026-05": (3, 2),
    "2026-06": (1, 5),
    "2026-07": (3, 4),
    "2026-08": (None, None),
    "2026-09": (3, 2),
}


def _members(month: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for code, scheme, count in FILES[month]:
        who = people(count, first=100 + len(rows))
        rows += [one.as_member(month, code, scheme) for one in who]
    return rows


@pytest.fixture(scope="module")
def ended(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Home, dict[str, Any]]:
    home, folder = new_home(), tmp_path_factory.mktemp("files")
    for month in FILES:
        name = f"bpjs_kepesertaan_64_{month}.csv"
        home.cli("submit", write_csv(folder / name, MEMBERS, _members(month))).ok()
    workers = [one.as_worker() for one in people(4)]
    home.cli(
        "submit",
        write_csv(folder / "pekerja_rentan_64.02_2026-08.csv", WORKERS, workers),
    ).ok()
    done = home.cli("run", "--json")
    assert done.status == 3, done.err  # one file was refused, the others went on
    return home, done.json


@pytest.mark.parametrize("month", EXPECTED)
def test_persons_are_counted_where_they_live(
    ended: tuple[Home, dict[str, Any]], month: str
) -> None:
    home, _ = ended
    rows = home.rows(
        "select area_code, active_count from mart.monthly_coverage "
        "where coverage_month = cast(:month as date) and segment = 'BPU' "
        "and programme = 'ANY' and area_code in ('64.02', '64.07') "
        "group by area_code, active_count order by area_code",
        month=f"{month}-01",
    )
    expected = EXPECTED[month]
    assert rows == [(KUTAI_KARTANEGARA, expected[0]), (KUTAI_BARAT, expected[1])]


def test_what_could_be_either_is_refused(ended: tuple[Home, dict[str, Any]]) -> None:
    home, done = ended
    refused = [one for one in done["submissions"] if one["state"] != "accepted"]
    assert [(one["submission_id"], one["state"], one["received"], one["rejected"])
            for one in refused] == [
        ("bpjs_kepesertaan-64-2026-08-001", "refused", 5, 5)
    ]  # fmt: skip
    told = home.cli("findings", refused[0]["submission_id"], "--json").ok().json
    found = {one["code"]: one for one in told["findings"]}
    assert "SCHEME_UNDECLARED" in found
    assert found["SCHEME_UNDECLARED"]["severity"] == "critical"
    assert "skema_kode" in found["SCHEME_UNDECLARED"]["fix"]


def test_the_rest_of_the_month_goes_on(ended: tuple[Home, dict[str, Any]]) -> None:
    home, done = ended
    assert {one["month"] for one in done["releases"]} == set(FILES)
    assert done["failures"] == []
    rows = home.rows(
        "select registered_count, active_count from mart.monthly_protection "
        "where coverage_month = '2026-08-01' and area_code = '64.02' "
        "and worker_group = 'pekerja_rentan' and payer = 'apbd_kab'"
    )
    assert rows == [(4, None)]  # no snapshot: not known, which is not zero


def test_check_says_it_before_sending(
    ended: tuple[Home, dict[str, Any]], tmp_path: Path
) -> None:
    home, _ = ended
    name = "bpjs_kepesertaan_64_2026-08.csv"
    path = write_csv(tmp_path / name, MEMBERS, _members("2026-08"))
    done = home.cli("check", path, "--json")
    assert done.status == 3
    assert "SCHEME_UNDECLARED" in {one["code"] for one in done.json["findings"]}


def test_unknown_scheme_is_refused(
    ended: tuple[Home, dict[str, Any]], tmp_path: Path
) -> None:
    home, _ = ended
    rows = [one.as_member("2026-08", "6402", "lama") for one in people(3)]
    path = write_csv(tmp_path / "bpjs_kepesertaan_64_2026-08.csv", MEMBERS, rows)
    done = home.cli("check", path, "--json")
    codes = {one["code"] for one in done.json["findings"]}
    assert codes & {"SCHEME_UNKNOWN", "VALUE_UNKNOWN"}
    assert done.json["accepted_count"] == 0
