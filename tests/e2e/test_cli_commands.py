"""Every command of the contract, as a person types it."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cakupan.core.contracts import DATASETS, contract
from e2e.home import Done, Home
from e2e.lists import MEMBERS, WORKERS, csv_text, people, write_csv

pytestmark = pytest.mark.slow

MONTH = "2026-09"
SENT = f"pekerja_rentan-64.02-{MONTH}"
BAD_NIK, BAD_DATE, BAD_PAY = 3, 5, 7  # places in the list
NAMES = [person.name for person in people(12)]


def _dirty() -> list[list[str]]:
    rows = [one.as_worker() for one in people(12)]
    rows[BAD_NIK][0] = rows[BAD_NIK][0][:15]
    rows[BAD_DATE][2] = "31/02/1985"
    rows[BAD_PAY][5] = "kurang lebih sejuta"
    return rows


def _members() -> list[list[str]]:
    paid = ["2026-09"] * 5 + ["2026-08"] * 2 + ["2026-01"] * 2
    return [
        one.as_member(month, "64.02", "kemendagri")
        for one, month in zip(people(9), paid, strict=True)
    ]


@dataclass(frozen=True)
class Deployment:
    home: Home
    folder: Path
    submitted: Any
    ran: Done


@pytest.fixture(scope="module")
def it(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> Deployment:
    """A month with a dirty list, a refused one, a nil one, and an extract."""
    home, folder = new_home(), tmp_path_factory.mktemp("files")
    dirty = write_csv(folder / f"pekerja_rentan_64.02_{MONTH}.csv", WORKERS, _dirty())
    headless = write_csv(
        folder / f"pekerja_rentan_64.03_{MONTH}.csv",
        WORKERS[1:],
        [row[1:] for row in _dirty()],
    )
    nil = folder / f"rt_rw_64.02_{MONTH}.csv"
    nil.write_text("NIK,Nama,Tanggal Lahir,Kode Desa,Jabatan\nNIHIL\n", "utf-8")
    extract = write_csv(folder / "peserta.csv", MEMBERS, _members())
    named = home.cli("submit", dirty, headless, nil, "--json").ok()
    told = home.cli(
        "submit", extract, "-d", "bpjs_kepesertaan", "-a", "64", "-m", MONTH, "--json"
    ).ok()
    ran = home.cli("run", "--json")
    return Deployment(home, folder, named.json + told.json, ran)


# --- template and check ---------------------------------------------------------------


@pytest.mark.parametrize("dataset", DATASETS)
def test_untouched_template_is_a_nil_report(
    it: Deployment, dataset: str, tmp_path: Path
) -> None:
    path = tmp_path / "templat.xlsx"
    it.home.cli("template", dataset, "--out", path).ok()
    is_regional = "regency" in contract(dataset).senders
    area = "64.02" if is_regional else "64"
    done = it.home.cli(
        "check", path, "-d", dataset, "-a", area, "-m", MONTH, "--json"
    ).ok()
    assert done.json["received_count"] == done.json["accepted_count"] == 0
    codes = {one["code"] for one in done.json["findings"]}
    assert codes == {"NIL_REPORT", "SHEETS_IGNORED"}  # the page of instructions


def test_filled_template_is_clean(it: Deployment, tmp_path: Path) -> None:
    path = tmp_path / f"pekerja_rentan_64.02_{MONTH}.xlsx"
    it.home.cli("template", "pekerja_rentan", "-o", path).ok()
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    places = {}
    for row in sheet.iter_rows():
        texts = {str(cell.value): cell for cell in row if cell.value}
        if "nik" in texts:
            places = {name: cell.column for name, cell in texts.items()}
            first = row[0].row + 1
            break
    for offset, one in enumerate(people(5)):
        for name, value in (
            ("nik", one.nik),
            ("nama", one.name),
            ("tanggal_lahir", one.birth_date),
            ("kode_desa", one.as_worker()[4]),
        ):
            sheet.cell(first + offset, places[name]).value = value
    book.save(path)
    done = it.home.cli("check", path, "--json").ok()
    assert done.json["received_count"] == done.json["accepted_count"] == 5
    assert all(one["severity"] == "info" for one in done.json["findings"])


def test_check_of_a_clean_file(it: Deployment, tmp_path: Path) -> None:
    rows = [one.as_worker() for one in people(6)]
    path = write_csv(tmp_path / f"pekerja_rentan_64.02_{MONTH}.csv", WORKERS, rows)
    done = it.home.cli("check", path, "--json").ok()
    assert done.json["state"] == "accepted"
    assert done.json["findings"] == []
    assert done.json["accepted_count"] == 6


def test_check_of_a_dirty_file_tells_place_and_fix(it: Deployment) -> None:
    path = it.folder / f"pekerja_rentan_64.02_{MONTH}.csv"
    done = it.home.cli("check", path, "--json").ok()  # rows are held, not the file
    counts = {name: value for name, value in done.json.items() if "_count" in name}
    assert counts == {
        "received_count": 12,
        "accepted_count": 9,
        "quarantined_count": 3,
        "rejected_count": 0,
    }
    found = {one["code"]: one for one in done.json["findings"]}
    assert {code for code in found if found[code]["severity"] == "critical"} == {
        "NIK_LENGTH",
        "DATE_INVALID",
        "RUPIAH_INVALID",
    }
    assert found["NIK_LENGTH"]["first_rows"] == [BAD_NIK + 2]
    assert found["DATE_INVALID"]["first_rows"] == [BAD_DATE + 2]
    assert all(one["text"] and one["fix"] for one in found.values())
    english = it.home.cli("check", path, "--lang", "en", "--json").ok().json
    assert english["findings"][0]["text"] != done.json["findings"][0]["text"]


def test_check_stores_nothing(it: Deployment) -> None:
    before = it.home.rows("select count(*) from ops.submissions")
    it.home.cli("check", it.folder / f"pekerja_rentan_64.02_{MONTH}.csv").ok()
    assert it.home.rows("select count(*) from ops.submissions") == before
    assert not list(it.home.settings.work_dir.glob("*"))


def test_check_of_a_refused_file(it: Deployment) -> None:
    done = it.home.cli(
        "check", it.folder / f"pekerja_rentan_64.03_{MONTH}.csv", "--json"
    )
    assert done.status == 3
    assert done.json["state"] == "refused"
    assert done.json["rejected_count"] == done.json["received_count"] == 12
    assert {"COLUMN_MISSING"} <= {one["code"] for one in done.json["findings"]}


# --- submit and run -------------------------------------------------------------------


def test_submit_says_where_each_file_lies(it: Deployment) -> None:
    assert [one["landing_key"] for one in it.submitted] == [
        f"landing/pekerja_rentan/64.02/{MONTH}/pekerja_rentan_64.02_{MONTH}.csv",
        f"landing/pekerja_rentan/64.03/{MONTH}/pekerja_rentan_64.03_{MONTH}.csv",
        f"landing/rt_rw/64.02/{MONTH}/rt_rw_64.02_{MONTH}.csv",
        f"landing/bpjs_kepesertaan/64/{MONTH}/peserta.csv",
    ]


def test_run_ends_with_3_and_the_rest_is_published(it: Deployment) -> None:
    assert it.ran.status == 3
    states = {one["submission_id"]: one["state"] for one in it.ran.json["submissions"]}
    assert states == {
        f"pekerja_rentan-64.02-{MONTH}-001": "accepted",
        f"pekerja_rentan-64.03-{MONTH}-001": "refused",
        f"rt_rw-64.02-{MONTH}-001": "accepted",
        f"bpjs_kepesertaan-64-{MONTH}-001": "accepted",
    }
    (release,) = it.ran.json["releases"]
    assert release["status"] == "provisional"
    assert it.ran.json["failures"] == []


def test_status(it: Deployment) -> None:
    told = it.home.cli("status", "--json").ok().json
    assert told["month"] == MONTH
    state = {
        (row["area_code"], row["dataset"]): (row["state"], row["is_refused"])
        for row in told["reporting"]
    }
    assert state[("64.02", "rt_rw")] == ("nil", False)
    assert state[("64.03", "pekerja_rentan")] == ("missing", True)
    assert state[("64.07", "pekerja_rentan")] == ("missing", False)
    assert state[("64.02", "pekerja_rentan")][0] in {"on_time", "late"}
    assert state[("64", "bpjs_kepesertaan")][0] in {"on_time", "late"}
    assert {one["state"] for one in told["submissions"]} == {"accepted", "refused"}
    plain = it.home.cli("status", "--month", MONTH).ok()
    assert plain.lines[0][:4] == ["area_code", "name", "dataset", "state"]
    assert len(plain.lines) == len(told["reporting"]) + 1
    assert it.home.cli("status", "--month", "2020-01", "--json").ok().json["reporting"]


def test_run_by_stage(new_home: Callable[..., Home], tmp_path: Path) -> None:
    home = new_home()
    for month in ("2026-08", MONTH):
        rows = [one.as_worker() for one in people(3)]
        home.cli(
            "submit",
            write_csv(tmp_path / f"pekerja_rentan_64.02_{month}.csv", WORKERS, rows),
        ).ok()

    def states() -> list[str]:
        return [
            row[0] for row in home.rows("select state from ops.submissions order by 1")
        ]

    home.cli("run", "--stage", "landing").ok()
    assert states() == ["received", "received"]
    home.cli("run", "--stage", "quality", "--month", MONTH).ok()
    assert states() == ["accepted", "received"]
    done = home.cli("run", "--stage", "publish", "--month", MONTH)
    assert done.status == 4  # nothing to publish from yet
    assert "MONTH_NOT_RECONCILED" in done.err
    home.cli("run", "--stage", "reconcile", "--month", MONTH).ok()
    assert home.rows("select count(*) from ops.releases") == [(0,)]
    done = home.cli("run", "--stage", "publish", "--month", MONTH, "--json").ok()
    assert [one["month"] for one in done.json["releases"]] == [MONTH]
    assert home.cli("run", "--json").ok().json["releases"][0]["month"] == "2026-08"


# --- what came out --------------------------------------------------------------------


def test_coverage_in_every_form(it: Deployment, tmp_path: Path) -> None:
    target = tmp_path / "cakupan.csv"
    wanted = ("coverage", "--month", MONTH, "--level", "regency", "--segment", "bpu")
    told = it.home.cli(*wanted, "--json").ok().json
    done = it.home.cli(*wanted, "--csv", target).ok()
    with target.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(told) == len(done.lines) - 1
    assert list(rows[0]) == list(told[0]) == done.lines[0]
    (row,) = [
        row for row in told if row["area_code"] == "64.02" and row["programme"] == "ANY"
    ]
    assert (row["active_count"], row["paid_up_count"], row["grace_count"]) == (7, 5, 2)
    assert row["lapsed_count"] == 2
    inside = it.home.cli("coverage", "-m", MONTH, "-a", "64.02", "--level", "village",
                         "--json")  # fmt: skip
    assert inside.status in {0, 2}


def test_explain_adds_up(it: Deployment) -> None:
    told = it.home.cli(
        "explain", "--month", MONTH, "--area", "64.02", "--segment", "BPU", "--json"
    ).ok().json  # fmt: skip
    assert told["number"][0]["active_count"] == 7
    persons = {row["participation_state"]: row["person_count"]
               for row in told["memberships"]}  # fmt: skip
    assert persons == {"active": 5, "grace_1": 2, "lapsed": 2}
    sent = it.folder / "peserta.csv"
    (file,) = [row for row in told["inputs"] if row["dataset"] == "bpjs_kepesertaan"]
    assert file["sha256"] == hashlib.sha256(sent.read_bytes()).hexdigest()
    assert (file["received_count"], file["accepted_count"]) == (9, 9)
    plain = it.home.cli("explain", "-m", MONTH, "-a", "64.02").ok()
    assert "Orang: NIK yang sah" in plain.out


def test_export_holds_what_its_checksums_say(it: Deployment, tmp_path: Path) -> None:
    it.home.cli("export", "--month", MONTH, "--to", tmp_path).ok()
    (folder,) = tmp_path.iterdir()
    checked = subprocess.run(
        ["sha256sum", "--strict", "-c", "SHA256SUMS"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    names = {path.name for path in folder.iterdir()}
    assert {"SHA256SUMS", "datapackage.json", "cakupan.xlsx"} <= names
    assert {"monthly_coverage.csv", "monthly_coverage.parquet"} <= names
    assert len(checked.stdout.splitlines()) == len(names) - 1
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        assert (folder / resource["path"]).exists()


# --- sql ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["laporan.pdf", "laporan.xlsx", "laporan.html"])
def test_report_is_written_without_names(
    it: Deployment, tmp_path: Path, name: str
) -> None:
    target = tmp_path / name
    words = ("report", "--month", MONTH, "--edition", "public", "--out", target)
    it.home.cli(*words).ok()
    first = target.read_bytes()
    assert len(first) > 5000
    assert not [one for one in NAMES if one.encode() in first]
    it.home.cli(*words).ok()
    assert target.read_bytes() == first


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--month", "2026-01", "--out", "l.pdf"), "NOT_RELEASED"),
        (("--month", MONTH, "--out", "l.docx"), "REPORT_FORMAT"),
        (("--month", MONTH, "--out", "l.pdf", "--area", "64.02.01"), "REPORT_AREA"),
        (("--month", MONTH, "--out", "l.pdf", "--edition", "x"), "EDITION_UNKNOWN"),
        (("--month", MONTH, "--out", "/tiada/l.pdf"), "FOLDER_NOT_WRITABLE"),
    ],
)
def test_report_says_why_there_is_none(
    it: Deployment, words: tuple[str, ...], code: str
) -> None:
    done = it.home.cli("report", *words)
    assert done.status == 2
    assert code in done.err


def test_sql_reads_what_is_published(it: Deployment, tmp_path: Path) -> None:
    query = "select area_code, active_count from mart.monthly_coverage order by 1"
    assert it.home.cli("sql", query).ok().lines[0] == ["area_code", "active_count"]
    target = tmp_path / "hasil.csv"
    it.home.cli("sql", query, "--csv", target).ok()
    assert target.read_text("utf-8").startswith("area_code,active_count\n")
    it.home.cli("sql", "select count(*) from core.participation", "--json").ok()


@pytest.mark.parametrize(
    "query",
    [
        "select * from vault.identities",
        "select nik from vault.identities limit 1",
        "delete from mart.monthly_coverage_history",
        "update ops.submissions set state = 'accepted'",
        "create table mart.mine (a int)",
        "drop view mart.monthly_coverage",
        "with gone as (delete from mart.monthly_coverage_history returning 1) "
        "select * from gone",
        "select 1; drop schema mart cascade",
        "set role cakupan_etl",
        "reset role",
        "copy mart.monthly_coverage_history to '/tmp/x'",
        "copy (select 1) to program 'true'",
        "select pg_read_file('/etc/passwd')",
        "select nothing from mart.nowhere",
        "select 'unfinished",
        "",
    ],
)
def test_sql_refuses_all_else(it: Deployment, query: str) -> None:
    done = it.home.cli("sql", query)
    assert done.status == 2, done.err
    assert done.out == ""
    assert "Traceback" not in done.err
    assert it.home.rows("select count(*) from mart.monthly_coverage")[0][0] > 0


# --- findings and the correction workbook -----------------------------------------------


def test_findings_show_no_person(it: Deployment) -> None:
    done = it.home.cli("findings", f"{SENT}-001").ok()
    assert "NIK_LENGTH" in done.out
    for one in people(12):
        assert one.nik[:15] not in done.out
        assert one.name not in done.out


def test_workbook_sent_back_as_it_is_and_corrected(
    it: Deployment, tmp_path: Path
) -> None:
    """One after the other: the second revision is the corrected one."""
    path = tmp_path / f"pekerja_rentan_64.02_{MONTH}_perbaikan.xlsx"
    first = it.home.cli("findings", f"{SENT}-001", "--xlsx", path, "--json").ok().json
    again = it.home.cli("check", path, "--json").ok().json
    for name in ("received_count", "accepted_count", "quarantined_count"):
        assert again[name] == first[name], name
    held = {one["code"] for one in first["findings"] if one["severity"] == "critical"}
    assert {
        one["code"] for one in again["findings"] if one["severity"] == "critical"
    } == held

    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    header = [str(cell.value) for cell in sheet[1]]
    marked = header.index("Kode Temuan") + 1
    whole = [one.as_worker() for one in people(12)]
    touched = 0
    for row in range(2, sheet.max_row + 1):
        if not sheet.cell(row, marked).value:
            continue
        touched += 1
        for column, value in enumerate(whole[row - 2], start=1):
            sheet.cell(row, column).value = value
    assert touched == 3
    book.save(path)
    it.home.cli("submit", path).ok()
    done = it.home.cli("run", "--month", MONTH, "--json").ok().json
    assert done["submissions"] == [
        {
            "submission_id": f"{SENT}-002",
            "state": "accepted",
            "received": 12,
            "accepted": 12,
            "quarantined": 0,
            "rejected": 0,
        }
    ]
    rows = it.home.rows(
        "select revision, accepted_count from mart.monthly_reporting "
        "where area_code = '64.02' and dataset = 'pekerja_rentan'"
    )
    assert rows == [(2, 12)]
    assert it.home.rows(
        "select sum(registered_count)::int from mart.monthly_protection "
        "where area_code = '64.02' and worker_group = 'pekerja_rentan'"
    ) == [(12,)]
    assert it.home.cli("findings", f"{SENT}-002", "--json").ok().json["state"] == (
        "accepted"
    )


def test_workbook_of_a_refused_file_opens(it: Deployment, tmp_path: Path) -> None:
    path = tmp_path / "perbaikan.xlsx"
    it.home.cli("findings", f"pekerja_rentan-64.03-{MONTH}-001", "--xlsx", path).ok()
    book = openpyxl.load_workbook(path)
    said = [str(cell) for row in book["Ringkasan"].values for cell in row if cell]
    assert any("DITOLAK" in text for text in said)


# --- piped ------------------------------------------------------------------------------


def test_nothing_piped_has_colours_or_boxes(it: Deployment) -> None:
    for words in (
        ("status",),
        ("coverage", "--month", MONTH),
        ("findings", f"{SENT}-001"),
        ("explain", "--month", MONTH, "--area", "64"),
        ("sql", "select 1 as satu"),
        ("run",),
    ):
        done = it.home.cli(*words)
        for text in (done.out, done.err):
            assert "\x1b" not in text, words
            assert "│" not in text, words


def test_csv_text_is_what_is_sent(it: Deployment) -> None:
    """The submitted bytes are archived unchanged."""
    sent = csv_text(WORKERS, _dirty()).encode()
    digest = hashlib.sha256(sent).hexdigest()
    with it.home.context() as context:
        assert context.store.read(f"archive/{digest[:2]}/{digest}") == sent
