"""A province that is only decided on: one file of links, and nothing else is changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from e2e.home import Home
from e2e.lists import MEMBERS, WORKERS, Invented, people, write_csv
from made_up_areas import add_province, forget

pytestmark = pytest.mark.slow

BEFORE, AFTER = "2026-09", "2027-02"
PPU, NEW = "64.09", "99.01"


@pytest.fixture(scope="module")
def home(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch:
        add_province(patch, folder / "areas", dt.date(2027, 1, 1))
        made = new_home(CAKUPAN_PROVINCES="64,99", CAKUPAN_THREADS="1")
        made.cli("init").ok()
        files = {
            (PPU, BEFORE): people(3, PPU),
            (NEW, AFTER): people(4, NEW, first=50),
            # who still writes the old village code
            (PPU, AFTER): people(2, PPU),
        }
        for (area, month), found in files.items():
            _submit(made, folder, f"pekerja_rentan_{area}_{month}.csv", found)
            rows = [one.as_member(month, area, "kemendagri") for one in found]
            path = folder / f"bpjs_kepesertaan_{area[:2]}_{month}.csv"
            made.cli("submit", write_csv(path, MEMBERS, rows)).ok()
        early = folder / f"pekerja_rentan_{NEW}_{BEFORE}.csv"
        sent = made.cli("submit", write_csv(early, WORKERS, []))
        assert (sent.status, "AREA_NOT_YET" in sent.out) == (3, True)
        # a list of old codes alone has no usable row
        assert made.cli("run").status == 3
        yield made
    forget()


def _submit(home: Home, folder: Path, name: str, found: list[Invented]) -> None:
    rows = [one.as_worker() for one in found]
    home.cli("submit", write_csv(folder / name, WORKERS, rows)).ok()


def test_the_new_province_is_released_from_its_first_month_on(home: Home) -> None:
    assert home.rows(
        "select province_code, coverage_month::text from mart.releases "
        "order by province_code, coverage_month"
    ) == [("64", f"{BEFORE}-01"), ("64", f"{AFTER}-01"), ("99", f"{AFTER}-01")]
    assert home.rows(
        "select area_code, registered_count from mart.monthly_protection "
        "where area_code like '99%' order by area_code"
    ) == [(code, 4) for code in ("99", NEW, "99.01.01", "99.01.01.1006")]


def test_an_old_code_says_that_it_has_ended(home: Home) -> None:
    assert home.rows(
        "select code, count(*) from ops.findings where severity = 'critical' "
        f"and submission_id like 'pekerja_rentan-{PPU}-{AFTER}-%' group by code "
        "order by code"
    ) == [("NOTHING_USABLE", 1), ("VILLAGE_RETIRED", 2)]


def test_what_moved_whole_is_carried_and_what_was_divided_is_not(home: Home) -> None:
    found = home.rows(
        "select area_code, carried, registered_count "
        "from mart.protection_in_areas_now where coverage_month = cast(:month as date) "
        "order by area_code",
        month=f"{BEFORE}-01",
    )
    assert found == [
        ("64", "terbagi", None),
        (PPU, "terbagi", None),
        ("99", "terbagi", None),
        (NEW, "terbagi", None),
        ("99.01.01", "kode_baru", 3),
        ("99.01.01.1006", "kode_baru", 3),
    ]
