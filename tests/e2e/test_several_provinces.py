"""Four provinces in one deployment, one of them before and after it was divided.

Kalimantan Timur and Utara have a person in both; Merauke was 91.01 until July 2022 and
is 93.01 since. Each province has releases of its own and shows nothing of another.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from cakupan.core.errors import InvariantBroken
from cakupan.runs import months
from cakupan.runs.announce import months_with_news
from e2e.home import Done, Home
from e2e.lists import MEMBERS, WORKERS, Invented, people, write_csv

pytestmark = pytest.mark.slow

NOW, THEN = "2026-09", "2022-06"
KUKAR, BULUNGAN, MERAUKE_THEN, MERAUKE = "64.02", "65.01", "91.01", "93.01"
#: First digits of numbers issued before Kalimantan Utara was a province.
OLD_PREFIXES = ("640401", "640501", "640601", "641001", "647301", "640701", "910101")


def _issued(one: Invented, prefix: str) -> list[str]:
    row = one.as_worker()
    return [prefix + row[0][6:], *row[1:]]


def _as_members(found: list[Invented], month: str, area: str) -> list[list[str]]:
    return [one.as_member(month, area, "kemendagri") for one in found]


@dataclass(frozen=True)
class Deployment:
    home: Home
    folder: Path
    announced: dict[str, list[str]]
    ran: Done

    def submit(self, name: str, rows: list[list[str]]) -> Done:
        header = MEMBERS if name.startswith("bpjs") else WORKERS
        return self.home.cli("submit", write_csv(self.folder / name, header, rows))


@pytest.fixture(scope="module")
def it(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> Deployment:
    home = new_home(CAKUPAN_PROVINCES="64,65,91,93", CAKUPAN_THREADS="1")
    made = Deployment(home, tmp_path_factory.mktemp("files"), {}, Done(0, "", ""))
    kukar, both = people(4), people(1)[0]
    bulungan = [replace(one, regency=BULUNGAN) for one in people(7, first=50)]
    old = [
        _issued(one, prefix) for one, prefix in zip(bulungan, OLD_PREFIXES, strict=True)
    ]
    insured = _as_members(bulungan[:2], NOW, BULUNGAN)
    for row, listed in zip(insured, old, strict=False):
        row[1] = listed[0]
    # the same number on a list of the other province
    listed_twice = [*both.as_worker()[:4], "65.01.01.1001", *both.as_worker()[5:]]
    for name, rows in {
        f"pekerja_rentan_64.02_{NOW}.csv": [one.as_worker() for one in kukar],
        f"bpjs_kepesertaan_64_{NOW}.csv": _as_members(kukar[:3], NOW, KUKAR),
        f"pekerja_rentan_65.01_{NOW}.csv": [*old, listed_twice],
        f"bpjs_kepesertaan_65_{NOW}.csv": insured,
        f"pekerja_rentan_91.01_{THEN}.csv": [
            one.as_worker() for one in people(5, MERAUKE_THEN, first=100)
        ],
        f"bpjs_kepesertaan_91_{THEN}.csv": _as_members(
            people(4, MERAUKE_THEN, first=100), THEN, MERAUKE_THEN
        ),
        f"bpjs_kepesertaan_93_{NOW}.csv": _as_members(
            people(6, MERAUKE, first=100), NOW, MERAUKE
        ),
    }.items():
        made.submit(name, rows).ok()
    with home.context() as context:  # refused when it is scanned
        for key in (
            f"landing/pekerja_rentan/{MERAUKE_THEN}/{NOW}/lama.csv",
            f"landing/pekerja_rentan/{MERAUKE}/{THEN}/baru.csv",
        ):
            context.store.put(key, next(made.folder.iterdir()))
    first = home.cli("run", "--stage", "landing", "--stage", "quality", "--json")
    assert first.status == 3, first.err
    with home.context() as context:
        announced = months_with_news(context)
    return replace(made, announced=announced, ran=home.cli("run", "--json").ok())


def _active(home: Home, view: str, month: str) -> dict[str, Any]:
    return dict(
        home.rows(
            f"select area_code, active_count from mart.{view} "
            "where coverage_month = cast(:month as date) and segment = 'BPU' "
            "and programme = 'ANY' and area_level in ('province', 'regency') "
            "and definition_id in ('tidak_ada', 'bps_sakernas_agustus_bekerja')",
            month=f"{month}-01",
        )
    )


def test_each_province_has_a_release_of_its_own(it: Deployment) -> None:
    assert it.announced == {THEN: ["91"], NOW: ["64", "65", "93"]}
    made = {(one["province"], one["month"]) for one in it.ran.json["releases"]}
    assert made == {("64", NOW), ("65", NOW), ("91", THEN), ("93", NOW)}
    to = it.folder / "export"
    it.home.cli("export", "--month", NOW, "--to", to).ok()
    for folder in to.iterdir():
        province = folder.name[:2]
        for path in folder.glob("*.csv"):
            with path.open(encoding="utf-8") as stream:
                codes = {row["area_code"] for row in csv.DictReader(stream)}
            assert {code[:2] for code in codes} <= {province}, path.name
    assert {folder.name[:2] for folder in to.iterdir()} == {"64", "65", "93"}


def test_a_person_of_two_provinces_is_in_each_what_that_province_knows(
    it: Deployment,
) -> None:
    counted = dict(
        (row[0], row[1:])
        for row in it.home.rows(
            "select area_code, registered_count, active_count, unenrolled_count "
            "from mart.monthly_protection where area_code in ('64', '65') "
            "and worker_group = 'pekerja_rentan'"
        )
    )
    # in 65 nothing is known of the participant of 64
    assert counted == {"64": (4, 3, 1), "65": (8, 2, 6)}
    kinds = it.home.rows(
        "select kind from mart.monthly_discrepancies "
        "where kind = 'double_registered' and person_count > 0"
    )
    assert kinds == []


def test_old_first_digits_of_a_number_are_fine(it: Deployment) -> None:
    accepted = it.home.rows(
        "select accepted_count, quarantined_count from ops.submissions "
        "where submission_id like 'pekerja_rentan-65.01-%'"
    )
    assert accepted == [(8, 0)]


def test_status_coverage_and_report_of_each(it: Deployment) -> None:
    shown = it.home.cli("status", "--month", NOW, "--json").ok().json["reporting"]
    assert {row["area_code"][:2] for row in shown} == {"64", "65", "91", "93"}
    then = it.home.cli("status", "--month", THEN, "--json").ok().json["reporting"]
    codes = {row["area_code"] for row in then}
    assert MERAUKE_THEN in codes
    assert not {code for code in codes if code.startswith("93")}
    for area, name in (("65", "Kalimantan Utara"), (BULUNGAN, "Bulungan")):
        out = it.folder / f"{area}.html"
        it.home.cli("report", "--month", NOW, "--area", area, "--out", out).ok()
        text = out.read_text("utf-8")
        assert name in text
        assert "Kutai" not in text
    rows = it.home.cli("coverage", "--month", NOW, "--area", "65", "--json").ok().json
    assert {row["area_code"] for row in rows} == {"65"}
    assert it.home.cli("report", "--month", THEN, "--area", MERAUKE, "--out",
                       it.folder / "x.html").status == 2  # fmt: skip
    out = it.folder / "merauke.html"
    it.home.cli("report", "--month", THEN, "--area", MERAUKE_THEN, "--out", out).ok()
    assert "Merauke" in out.read_text("utf-8")


def test_a_month_before_the_division_in_areas_of_then_and_of_now(
    it: Deployment,
) -> None:
    then = _active(it.home, "coverage_in_areas_then", THEN)
    assert (then["91"], then[MERAUKE_THEN]) == (4, 4)
    assert not {code for code in then if code.startswith("93")}
    now = _active(it.home, "coverage_in_areas_now", THEN)
    assert now[MERAUKE] == 4
    assert MERAUKE_THEN not in now
    assert (now["91"], now["93"]) == (None, None)  # divided: nobody knows
    assert _active(it.home, "coverage_in_areas_now", NOW)["93"] == 6


def test_a_file_under_a_code_not_in_force_says_which_one_to_use(
    it: Deployment,
) -> None:
    states = it.home.rows(
        "select submission_id, state from ops.submissions "
        "where file_name in ('lama.csv', 'baru.csv') order by submission_id"
    )
    assert [row[1] for row in states] == ["refused", "refused"]
    old = it.home.cli("findings", f"pekerja_rentan-{MERAUKE_THEN}-{NOW}-001").ok()
    assert "AREA_RETIRED" in old.out
    assert "sejak 2022-07-25 menjadi 93.01" in old.out
    new = it.home.cli("findings", f"pekerja_rentan-{MERAUKE}-{THEN}-001").ok()
    assert "AREA_NOT_YET" in new.out
    assert "sebelumnya 91.01" in new.out
    sent = it.submit(f"pekerja_rentan_64.04_{NOW}.csv", [])
    assert sent.status == 3
    assert "AREA_RETIRED" in sent.out


def test_news_of_one_province_moves_no_other(
    it: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = it.home.release_files()
    for area, first in ((KUKAR, 0), (BULUNGAN, 50)):
        found = [replace(one, regency=area) for one in people(3, first=first)]
        rows = [one.as_worker() for one in found]
        it.submit(f"pekerja_rentan_{area}_{NOW}.csv", rows).ok()
    publish = months.publish

    def fails_for_one(context: Any, province: str, month: Any) -> dict[str, Any]:
        if province == "64":
            raise InvariantBroken("UJI", "Contoh.", "Contoh.")
        return publish(context, province, month)

    with monkeypatch.context() as patch:
        patch.setattr(months, "publish", fails_for_one)
        assert it.home.cli("run", "--json").status == 4
    between = it.home.release_files().keys() - before.keys()
    assert {key.split("/")[1] for key in between} == {"65"}  # not stopped by the other
    made = it.home.cli("run", "--json").ok().json["releases"]
    assert [one["province"] for one in made] == ["64"]
    assert before.items() <= it.home.release_files().items()
