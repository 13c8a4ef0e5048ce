"""Lists of named people: what they hold, who may have them, and what never leaks."""

from __future__ import annotations

import datetime as dt
import hashlib
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from e2e.home import Done, Home
from e2e.lists import VILLAGES, write_csv

pytestmark = pytest.mark.slow

MONTH = "2026-09"
HEADER = (
    "NIK", "Nama", "Tanggal Lahir", "L/P", "Alamat", "Kode Desa", "Pekerjaan",
    "Status", "Sumber Dana", "Mulai", "Selesai",
)  # fmt: skip
MEMBERS = (
    "kpj", "nik", "nama", "tanggal_lahir", "segmen", "jkk", "jkm", "sumber_iuran",
    "tanggal_kepesertaan", "bulan_iuran_terakhir", "kode_kabkota", "skema_kode",
    "status_periode",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Nobody; every value is unlike any other text."""

    number: int
    job: str = "nelayan"
    status: str = "terverifikasi"
    payer: str = ""
    born: dt.date = dt.date(1980, 3, 4)
    regency: str = "64.02"
    until: str = ""

    @property
    def nik(self) -> str:
        area = "64.02.01" if self.regency == "64.03" else VILLAGES[self.regency][:8]
        return f"{area.replace('.', '')}{self.born:%d%m%y}{7100 + self.number:04d}"

    @property
    def name(self) -> str:
        return f"ZULQARNAWI {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[self.number % 26] * 5}"

    @property
    def address(self) -> str:
        return f"GANG MELATIQU {self.number:03d}"

    @property
    def kpj(self) -> str:
        return f"26771{self.number:06d}"

    def row(self) -> list[str]:
        village = VILLAGES.get(self.regency, "")
        return [
            self.nik, self.name, f"{self.born:%d/%m/%Y}", "L", self.address, village,
            self.job, self.status, self.payer, "01/01/2026", self.until,
        ]  # fmt: skip

    def member(self, paid: str, **changed: str) -> list[str]:
        cells = {
            "kpj": self.kpj,
            "nik": self.nik,
            "nama": self.name,
            "lahir": f"{self.born:%d/%m/%Y}",
            "segmen": "BPU",
            "jkk": "Y",
            "jkm": "Y",
            "payer": "",
            "since": "15/02/2025",
            "paid": paid,
            "area": self.regency,
            "scheme": "kemendagri",
            "posted": "posting",
        }
        return list({**cells, **changed}.values())


NEW = Person(0)
LAPSED = Person(1, job="buruh")
UNPAID_2 = Person(2, job="buruh")
SELF_PAID = Person(3)
ACTIVE = Person(4, until="30/11/2026")
ONLY_PROPOSED = Person(5, status="usulan")
DEAD = Person(6)
CIVIL_SERVANT = Person(7, job="PNS")
WAGE_WORKER = Person(8)
NAMESAKE = Person(9)
TOO_OLD = Person(10, born=dt.date(1950, 5, 6))
TWICE = Person(11)
RT_HEAD = Person(12)
OF_THE_PROVINCE = Person(13, payer="apbd_prov")
DRIVER = Person(14, job="sopir", born=dt.date(1981, 3, 4))
PAID = Person(15)
NEARLY_65 = Person(16, job="buruh", born=dt.date(1961, 11, 20))
OTHER_CITY = Person(20, regency="64.07")
UNSEEN = Person(21, regency="64.03")
ALL = (
    NEW, LAPSED, UNPAID_2, SELF_PAID, ACTIVE, ONLY_PROPOSED, DEAD, CIVIL_SERVANT,
    WAGE_WORKER, NAMESAKE, TOO_OLD, TWICE, RT_HEAD, OF_THE_PROVINCE, DRIVER, PAID,
    NEARLY_65, OTHER_CITY, UNSEEN,
)  # fmt: skip

#: Why those of 64.02 are not proposed.
REASONS = {
    "not_verified": 1, "deceased": 1, "became_asn": 1, "identity_conflict": 1,
    "ineligible_age": 1, "covered_by_employer": 1, "active": 1, "other_payer": 1,
    "already_paid": 1, "other_group": 1, "listed_for_other_payer": 1,
}  # fmt: skip

#: Those of 64.02 who are, first to last: state, profession, age, pseudonym.
ORDER = (UNPAID_2, LAPSED, {NEW, TWICE}, NEARLY_65, DRIVER)


def _members() -> list[list[str]]:
    return [
        LAPSED.member("2026-01"),
        UNPAID_2.member("2026-07"),
        SELF_PAID.member("2026-08", payer="mandiri"),
        ACTIVE.member("2026-09", payer="apbd_kab", since="10/08/2026"),
        WAGE_WORKER.member("2026-09", segmen="PU"),
        NAMESAKE.member("2026-01", nama="WAHYUNINGTYAS", lahir="30/12/1999"),
        PAID.member("2026-01"),
    ]


def _send(home: Home, folder: Path) -> Done:
    def list_of(area: str, people: Iterable[Person]) -> Path:
        path = folder / f"pekerja_rentan_{area}_{MONTH}.csv"
        rows = [one.row() for one in people]
        for row in rows:
            row[5] = VILLAGES.get(area, "")
        return write_csv(path, HEADER, rows)

    lists = [
        list_of("64.02", [one for one in ALL if one.regency == "64.02"]),
        list_of("64.07", [TWICE, OTHER_CITY]),
        list_of("64.03", [UNSEEN]),
        write_csv(
            folder / f"rt_rw_64.02_{MONTH}.csv",
            (*HEADER[:6], "Jabatan"),
            [[*RT_HEAD.row()[:6], "ketua RT"]],
        ),
        write_csv(
            folder / f"dukcapil_padan_64_{MONTH}.csv",
            ("nik", "status", "tanggal"),
            [[DEAD.nik, "meninggal", "02/09/2026"]],
        ),
        write_csv(
            folder / f"bpjs_iuran_64_{MONTH}.csv",
            ("kpj", "bulan_iuran", "sumber_iuran", "jkk_rupiah", "jkm_rupiah"),
            [[PAID.kpj, MONTH, "apbd_kab", "10000", "6800"]],
        ),
        write_csv(
            folder / f"bpjs_klaim_64_{MONTH}.csv",
            ("nomor_klaim", "kpj", "nik", "program", "tanggal_bayar", "jumlah"),
            [["K-1", ACTIVE.kpj, ACTIVE.nik, "JKK", "12/09/2026", "1500000"]],
        ),
        write_csv(
            folder / f"kebijakan_64.02_{MONTH}.csv",
            ("jenis", "nomor", "tanggal", "berlaku_sampai", "tentang"),
            [["perbup", "12/2024", "05/01/2024", "31/12/2026", "Iuran pekerja"]],
        ),
        write_csv(folder / f"bpjs_kepesertaan_64.02_{MONTH}.csv", MEMBERS, _members()),
        write_csv(
            folder / f"bpjs_kepesertaan_64.07_{MONTH}.csv",
            MEMBERS,
            [OTHER_CITY.member("2026-01")],
        ),
    ]
    home.cli("submit", *lists).ok()
    return home.cli("run", "--json").ok()


@dataclass(frozen=True)
class Case:
    home: Home
    folder: Path
    ran: Done


@pytest.fixture(scope="module")
def it(new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory) -> Case:
    home, folder = new_home(), tmp_path_factory.mktemp("lists")
    url = sa.make_url(home.variables["CAKUPAN_WAREHOUSE_URL"])
    steward = url.set(username="cakupan_steward").render_as_string(False)
    home = home.told(CAKUPAN_STEWARD_URL=steward)
    return Case(home, folder, _send(home, folder))


def proposed(it: Case, area: str, budget: int, *more: str | Path) -> Done:
    return it.home.cli(
        "propose", "-a", area, "--budget", str(budget), "--months", "12",
        "--payer", "apbd_kab", *more,
    )  # fmt: skip


def accesses(home: Home) -> list[tuple[Any, ...]]:
    return home.rows(
        "select role_name, purpose, row_count from vault.access_log order by access_id"
    )


def cells(path: Path, sheet: str) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def leaked(*done: Done) -> set[str]:
    said = "\n".join(one.out + one.err for one in done).casefold()
    marks = {mark for one in ALL for mark in (one.nik, one.name, one.address, one.kpj)}
    return {mark for mark in marks if mark.casefold() in said}


# --- propose --------------------------------------------------------------------------


def test_everybody_is_proposed_or_has_a_reason(it: Case) -> None:
    told = proposed(it, "64.02", 10_000_000, "--json").ok().json
    excluded = {one["reason"]: one["person_count"] for one in told["excluded"]}
    assert excluded == REASONS
    assert told["candidate_count"] == told["covered_count"] == 6
    assert told["registered_count"] == 17
    assert told["total_rupiah"] == 6 * 12 * 16_800
    assert told["left_rupiah"] == 10_000_000 - told["total_rupiah"]
    assert (told["uncovered_count"], told["uncovered_rupiah"]) == (0, 0)
    assert (told["start_month"], told["end_month"]) == ("2026-10", "2027-09")
    assert len(told["rates"]) == 12
    assert any("batas umur" in note for note in told["notes"])


def test_a_person_of_two_areas_is_proposed_once(it: Case) -> None:
    told = proposed(it, "64.07", 10_000_000, "--json").ok().json
    assert told["candidate_count"] == 1
    assert told["excluded"] == [
        {
            "reason": "other_area",
            "text": "terdaftar juga di wilayah lain dan diusulkan di sana",
            "person_count": 1,
        }
    ]


def test_the_province_is_its_regencies_and_says_whose_data_are_missing(
    it: Case,
) -> None:
    told = proposed(it, "64", 10_000_000, "--json").ok().json
    assert told["registered_count"] == 19
    assert told["candidate_count"] == 7
    assert [(one["area_code"], one["covered_count"]) for one in told["areas"]] == [
        ("64.02", 6),
        ("64.07", 1),
    ]
    excluded = {one["reason"]: one["person_count"] for one in told["excluded"]}
    assert excluded == REASONS | {"state_unknown": 1}
    assert any("belum ada data BPJS" in note for note in told["notes"])


def test_a_small_budget_covers_the_first(it: Case, tmp_path: Path) -> None:
    out = tmp_path / "usulan.xlsx"
    budget = 2 * 12 * 16_800 + 16_799
    told = proposed(it, "64.02", budget, "--json", "--out", out).ok().json
    assert (told["covered_count"], told["left_rupiah"]) == (2, 16_799)
    assert (told["uncovered_count"], told["uncovered_rupiah"]) == (4, 806_400)
    assert [row[2] for row in cells(out, "Lampiran")[9:11]] == [
        UNPAID_2.nik,
        LAPSED.nik,
    ]


def test_the_annex_is_ready_to_sign(it: Case, tmp_path: Path) -> None:
    out = tmp_path / "usulan.xlsx"
    out.write_text("old", "utf-8")
    out.chmod(0o644)
    before = len(accesses(it.home))
    done = proposed(it, "64.02", 10_000_000, "--out", out).ok()
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [out]
    assert accesses(it.home)[before:] == [
        ("cakupan_steward", "propose 64.02 2026-09 apbd_kab 2026-10 12", 6)
    ]
    assert leaked(done) == set()
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["Lampiran", "Rekapitulasi"]
    sheet = book["Lampiran"]
    rows = cells(out, "Lampiran")
    assert rows[0][0] == "LAMPIRAN"
    assert any("RAHASIA/TERBATAS" in str(cell) for row in rows[:8] for cell in row)
    assert rows[8][:4] == ["No.", "Nama", "NIK", "Tanggal lahir"]
    listed = {one.nik: one for one in ALL}
    found = [listed[row[2]] for row in rows[9:15]]
    place = 0
    for wanted in ORDER:
        group = wanted if isinstance(wanted, set) else {wanted}
        assert set(found[place : place + len(group)]) == group
        place += len(group)
    for number, (row, one) in enumerate(zip(rows[9:15], found, strict=True), start=1):
        assert row[:5] == [
            number,
            one.name,
            one.nik,
            dt.datetime.combine(one.born, dt.time()),
            one.address,
        ]
        assert row[7:10] == [one.job, 12, 201_600]
        assert (row[10] is not None) == (one is NEARLY_65)
    assert sheet["C10"].number_format == "@"
    assert sheet["J10"].number_format == "#,##0"
    assert rows[15][1] == "JUMLAH"
    assert rows[15][9] == sum(row[9] for row in rows[9:15])
    assert any("NIP" in str(cell) for row in rows[16:] for cell in row)
    assert sheet.print_title_rows == "$9:$9"
    assert "RAHASIA" in str(sheet.oddHeader.left.text)
    summed = {row[0]: row[1] for row in cells(out, "Rekapitulasi") if row[0]}
    assert summed["Jumlah iuran (Rp)"] == rows[15][9]


def test_the_province_has_a_sheet_per_regency(it: Case, tmp_path: Path) -> None:
    out = tmp_path / "provinsi.xlsx"
    proposed(it, "64", 10_000_000, "--out", out).ok()
    names = openpyxl.load_workbook(out).sheetnames
    assert [name[:5] for name in names] == ["64.02", "64.07", "Rekap"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("-a", "64.03", "--payer", "apbd_kab"), "STATE_UNKNOWN"),
        (("-a", "64.08", "--payer", "apbd_kab"), "NOBODY_REGISTERED"),
        (("-a", "64.99", "--payer", "apbd_kab"), "AREA_UNKNOWN"),
        (("-a", "Kukar", "--payer", "apbd_kab"), "AREA_INVALID"),
        (("-a", "64.02", "--payer", "mandiri"), "PAYER_INVALID"),
        (("-a", "64.02", "--payer", "apbd_kab", "-m", "2026-08"), "MONTH_NOT_LOADED"),
        (("-a", "64.02", "--payer", "apbd_kab", "-o", "x.csv"), "OUT_NOT_XLSX"),
        (
            ("-a", "64.02", "--payer", "apbd_kab", "-o", "no/where.xlsx"),
            "FILE_NOT_WRITABLE",
        ),
    ],
)
def test_what_cannot_be_proposed(it: Case, words: tuple[str, ...], code: str) -> None:
    done = it.home.cli("propose", "--budget", "1000000", "--months", "1", *words)
    assert done.status == 2
    assert code in done.err
    assert done.out == ""


def test_names_only_for_a_steward(it: Case, tmp_path: Path) -> None:
    before = accesses(it.home)
    out = tmp_path / "usulan.xlsx"
    analyst = it.home.variables["CAKUPAN_ANALYST_URL"]
    for url in ("", analyst):
        told = Case(it.home.told(CAKUPAN_STEWARD_URL=url), it.folder, it.ran)
        done = proposed(told, "64.02", 10_000_000, "--out", out)
        assert done.status == 2
        assert "STEWARD_RIGHT_MISSING" in done.err
    assert not list(tmp_path.iterdir())
    assert accesses(it.home) == before


# --- warnings -------------------------------------------------------------------------

SHEETS = {
    "unpaid_1": ("Menunggak 1 bulan", {SELF_PAID}),
    "unpaid_2": ("Menunggak 2 bulan", {UNPAID_2}),
    "under_3_months": ("Peserta baru (JKM Rp10 juta)", {ACTIVE}),
    "reaching_age_limit": ("Mendekati batas umur", {NEARLY_65}),
    "decree_expiring": ("Penetapan akan berakhir", {ACTIVE}),
}


def test_warnings_name_whom_the_table_counts(it: Case, tmp_path: Path) -> None:
    out = tmp_path / "peringatan.xlsx"
    before = len(accesses(it.home))
    words = ("warnings", "-m", MONTH, "-a", "64.02")
    done = it.home.cli(*words, "--json", "--out", out).ok()
    counts = {
        row["kind"]: row["person_count"]
        for row in done.json
        if row["worker_group"] == "ALL"
    }
    assert counts == {kind: 1 for kind in SHEETS} | {"policy_expiring": 1}
    for sheet, people in SHEETS.values():
        listed = {row[2] for row in cells(out, sheet)[1:]}
        assert listed == {one.nik for one in people}, sheet
    assert cells(out, "Kebijakan akan berakhir")[1][2] == "12/2024"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert accesses(it.home)[before:] == [
        ("cakupan_steward", "warnings 64.02 2026-09 semua", 4)
    ]
    assert leaked(done) == set()


def test_one_kind_of_warning(it: Case, tmp_path: Path) -> None:
    out = tmp_path / "peringatan.xlsx"
    words = ("warnings", "-m", MONTH, "-a", "64", "--kind", "unpaid_2")
    done = it.home.cli(*words, "--json", "--out", out).ok()
    assert {row["kind"] for row in done.json} == {"unpaid_2"}
    assert openpyxl.load_workbook(out).sheetnames == ["Baca dulu", "Menunggak 2 bulan"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("-a", "64.02", "--kind", "sick"), "KIND_UNKNOWN"),
        (("-a", "64.99"), "NOTHING_PUBLISHED"),
        (("-a", "64.02", "-m", "2026-08"), "NOTHING_PUBLISHED"),
    ],
)
def test_warnings_that_are_not_there(
    it: Case, words: tuple[str, ...], code: str
) -> None:
    done = it.home.cli("warnings", "-m", MONTH, *words)
    assert (done.status, done.out) == (2, "")
    assert code in done.err


# --- explain --------------------------------------------------------------------------

#: table, area, keys, measure, files behind it.
EXPLAINED: list[tuple[str, str, dict[str, str], str, set[str]]] = [
    (
        "protection",
        "64.02",
        {"worker_group": "pekerja_rentan", "payer": "tidak_diketahui"},
        "registered_count",
        {"pekerja_rentan_64.02", "bpjs_kepesertaan_64.02"},
    ),
    (
        "village",
        "64.02.01.2003",
        {"worker_group": "pekerja_rentan"},
        "registered_count",
        {"pekerja_rentan_64.02"},
    ),
    (
        "funding",
        "64.02",
        {"worker_group": "pekerja_rentan", "payer": "ALL", "fiscal_year": "2026"},
        "registered_count",
        {"pekerja_rentan_64.02", "bpjs_iuran_64"},
    ),
    ("benefits", "64.02", {"programme": "JKK"}, "claim_count", {"bpjs_klaim_64"}),
    (
        "discrepancies",
        "64.02",
        {"kind": "identity_conflict"},
        "person_count",
        {"pekerja_rentan_64.02", "bpjs_kepesertaan_64.02"},
    ),
    (
        "early_warning",
        "64",
        {"kind": "unpaid_1", "worker_group": "ALL"},
        "person_count",
        {"bpjs_kepesertaan_64.02", "bpjs_kepesertaan_64.07"},
    ),
]


@pytest.mark.parametrize(
    ("table", "area", "keys", "measure", "files"),
    EXPLAINED,
    ids=[one[0] for one in EXPLAINED],
)
def test_a_number_is_traced_to_files_rules_and_persons(
    it: Case,
    tmp_path: Path,
    table: str,
    area: str,
    keys: dict[str, str],
    measure: str,
    files: set[str],
) -> None:
    out = tmp_path / "orang.xlsx"
    chosen = [word for pair in keys.items() for word in ("--key", "=".join(pair))]
    words = ("explain", "-m", MONTH, "-a", area, "--table", table, *chosen)
    done = it.home.cli(*words, "--measure", measure, "--json", "--persons", out).ok()
    told = done.json
    (number,) = told["number"]
    assert number[measure] > 0
    shas = {one["sha256"] for one in told["inputs"]}
    for name in files:
        path = it.folder / f"{name}_{MONTH}.csv"
        assert hashlib.sha256(path.read_bytes()).hexdigest() in shas, name
    assert told["rules"]
    assert all(one.startswith("aturan ") for one in told["rules"])
    assert told["release"]["is_warehouse_unchanged"] is True
    assert sum(row["row_count"] for row in told["rows"]) >= number[measure]
    rows = cells(out, "Orang")[1:]
    assert len({row[2] for row in rows}) == number[measure]
    words_of_rows = {word for row in rows for word in row[9:13] if word}
    assert not [word for word in words_of_rows if "_" in word or word.islower()]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    purpose = accesses(it.home)[-1][1]
    assert purpose.startswith("explain monthly_")
    assert leaked(done, it.home.cli(*words).ok()) == set()


def test_coverage_names_its_participants(it: Case, tmp_path: Path) -> None:
    out = tmp_path / "peserta.xlsx"
    words = ("explain", "-m", MONTH, "-a", "64.02", "--segment", "bpu")
    done = it.home.cli(*words, "--json", "--persons", out).ok()
    rows = cells(out, "Orang")[1:]
    covered = {"Aktif", "Menunggak 1 bulan", "Menunggak 2 bulan"}
    active = {row[2] for row in rows if row[12] in covered}
    assert active == {UNPAID_2.nik, SELF_PAID.nik, ACTIVE.nik}
    assert done.json["number"][0]["active_count"] == 3
    assert any("(aturan 1)" in rule for rule in done.json["rules"])


def test_no_list_is_called_that_of_a_measure_it_is_not_of(
    it: Case, tmp_path: Path
) -> None:
    out = tmp_path / "orang.xlsx"
    words = ("--table", "funding", "--measure", "paid_rupiah", "--persons", out)
    done = it.home.cli("explain", "-m", MONTH, "-a", "64.02", *words)
    assert (done.status, out.exists()) == (2, False)
    assert "MEASURE_NOT_LISTED" in done.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--table", "releases"), "TABLE_UNKNOWN"),
        (("--table", "protection", "--key", "kind=lapsed"), "KEY_UNKNOWN"),
        (("--table", "protection", "--key", "payer"), "KEY_INVALID"),
        (("--table", "protection", "--measure", "nik"), "MEASURE_UNKNOWN"),
        (("--table", "protection", "--key", "payer=x"), "NOTHING_PUBLISHED"),
        (("--key", "payer=x"), "KEY_UNKNOWN"),
        (("--persons", "orang.csv"), "OUT_NOT_XLSX"),
    ],
)
def test_what_cannot_be_explained(it: Case, words: tuple[str, ...], code: str) -> None:
    done = it.home.cli("explain", "-m", MONTH, "-a", "64.02", *words)
    assert (done.status, done.out) == (2, "")
    assert code in done.err


def test_persons_only_for_a_steward(it: Case, tmp_path: Path) -> None:
    home = it.home.told(CAKUPAN_STEWARD_URL=it.home.variables["CAKUPAN_ANALYST_URL"])
    before = accesses(it.home)
    for words in (
        ("explain", "-m", MONTH, "-a", "64.02", "--persons", tmp_path / "a.xlsx"),
        ("warnings", "-m", MONTH, "-a", "64.02", "--out", tmp_path / "b.xlsx"),
    ):
        done = home.cli(*words)
        assert (done.status, done.out) == (2, "")
        assert "STEWARD_RIGHT_MISSING" in done.err
    assert not list(tmp_path.iterdir())
    assert accesses(it.home) == before


def test_no_log_and_no_scratch_holds_anybody(it: Case) -> None:
    """Last: after every command of this module."""
    home = it.home.settings.home
    assert not [path for path in home.glob("work/*") if path.is_dir()]
    logs = [path.read_text("utf-8") for path in home.rglob("*.log")]
    said = Done(0, "\n".join(logs), "")
    purposes = Done(0, "\n".join(str(row) for row in accesses(it.home)), "")
    assert leaked(said, purposes) == set()
