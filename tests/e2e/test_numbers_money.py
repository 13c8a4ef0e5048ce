"""Money through the whole job: budgets, payments and claims come out to the sen.

Penajam Paser Utara 2025: 20,614 = 15,000 paid by the regency + 5,614 by the province
(Antara Kaltim 235173, insightkaltim.com). Bontang 2025: 35,777 (klikkaltim). Kukar 2022:
46,073 and Rp7.7 billion (akupedia.id). A hundred people paid by both, and the amounts
with sen, are invented.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from e2e.home import Home
from e2e.lists import MEMBERS, WORKERS, Invented, people, write_csv

pytestmark = pytest.mark.slow

MONTH = "2026-09"
PPU, KUKAR, BONTANG = "64.09", "64.02", "64.74"
REGENCY_PAID, PROVINCE_PAID, BOTH = 15_000, 5_614, 100
BUDGET = (
    "Tahun Anggaran", "Sumber Dana", "Kelompok", "Jumlah Orang", "Jumlah Bulan", "Pagu",
    "Realisasi", "Nomor DPA",
)  # fmt: skip
#: Lines that cannot count, and the finding each must end with.
BAD_BUDGETS = {
    "VALUE_MISSING": ["", "apbd_kab", "non_asn", "1", "12", "1.000.000", "0", "X1"],
    "VALUE_UNKNOWN": ["2026", "hibah", "non_asn", "1", "12", "1.000.000", "0", "X2"],
    "RUPIAH_INVALID": ["2026", "apbd_kab", "rt_rw", "1", "12", "dua juta", "0", "X3"],
}
KUKAR_HEADS = {
    "pekerja_rentan": (35_440,),
    "non_asn": (5_454, 115),
    "aparatur_desa": (1_085, 871),
    "rt_rw": (3_108,),
}
KUKAR_BUDGET = 7_700_000_000
PAYMENTS = ("kpj", "bulan_iuran", "sumber_iuran", "jkk_rupiah", "jkm_rupiah")
CLAIMS = ("nomor_klaim", "kpj", "program", "tanggal_bayar", "jumlah")
PLEDGES = ("perusahaan", "kelompok", "jumlah_orang", "nilai", "nomor_pks")


@dataclass(frozen=True)
class Truth:
    """Rupiah of the rows that count, added up by this file alone."""

    budget: Decimal
    realised: Decimal
    pledged: Decimal
    paid: Decimal
    claimed: Decimal

    def by_measure(self) -> dict[str, Decimal]:
        """As the tables name it: a pledge is the budget of payer csr."""
        return {
            "budget_rupiah": self.budget + self.pledged,
            "realised_rupiah": self.realised,
            "paid_rupiah": self.paid,
            "claims": self.claimed,
        }


def _indonesian(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def _budgets(folder: Path) -> tuple[list[Path], Decimal, Decimal]:
    """Three offices, three notations: text in Indonesian and US style, and numbers."""
    sen = [Decimal(random.Random(9).randrange(10**12)) / 100 for _ in range(3)]
    ppu = [
        ["2026", "apbd_kab", "pekerja_rentan", "15.000", "12", "3.024.000.000", "-", "1"],
        ["2026", "dbh_sawit", "pekerja_rentan", "5.000", "12",
         "Rp 1.008.000.000,00", "", "2"],
        ["2026", "apbd_kab", "rt_rw", "", "", _indonesian(sen[0]), "0,10", "3"],
        ["2026", "apbd_kab", "non_asn", "1", "12", "1.000.000,00", "1.000.000,01", "4"],
        *BAD_BUDGETS.values(),
    ]  # fmt: skip
    counts = [(group, n) for group, heads in KUKAR_HEADS.items() for n in heads]
    share, rest = divmod(KUKAR_BUDGET, len(counts))
    kukar = [
        ["2026", "apbd_kab", group, f"{n:,}", "12",
         f"{share + (rest if number == 0 else 0):,}.00", "1,000.55", str(number)]
        for number, (group, n) in enumerate(counts)
    ]  # fmt: skip
    files = [
        write_csv(folder / f"anggaran_{PPU}_{MONTH}.csv", BUDGET, ppu),
        write_csv(folder / f"anggaran_{KUKAR}_{MONTH}.csv", BUDGET, kukar),
        folder / f"anggaran_{BONTANG}_{MONTH}.xlsx",
    ]
    with xlsxwriter.Workbook(files[-1]) as book:
        sheet = book.add_worksheet("Anggaran")
        sheet.write_row(0, 0, BUDGET)
        sheet.write_row(
            1, 0, [2026, "APBD Kab", "Pekerja Rentan", 35_777, 1, 601_053_600, 250.75]
        )
    budget = Decimal(3_024_000_000 + 1_008_000_000 + 1_000_000) + sen[0]
    budget += KUKAR_BUDGET + 601_053_600
    realised = Decimal("0.10") + Decimal("1000000.01") + Decimal("250.75")
    return files, budget, realised + len(counts) * Decimal("1000.55")


def _people(folder: Path) -> list[Path]:
    everybody = people(REGENCY_PAID + PROVINCE_PAID, PPU)
    workers = [[_nik(one), *one.as_worker()[1:-1], "apbd_kab"] for one in everybody]
    for row in workers[REGENCY_PAID:]:
        row[-1] = "apbd_prov"
    members = [
        [kpj, _nik(one), *one.as_member(MONTH, PPU, "kemendagri")[2:], payer]
        for payer, some in (
            ("apbd_kab", [(one.kpj, one) for one in everybody[:REGENCY_PAID]]),
            (
                "apbd_prov",
                [
                    (_second_card(one.number), one)
                    for one in everybody[REGENCY_PAID - BOTH :]
                ],
            ),
        )
        for kpj, one in some
    ]
    return [
        write_csv(folder / f"pekerja_rentan_{PPU}_{MONTH}.csv", WORKERS, workers),
        write_csv(
            folder / f"bpjs_kepesertaan_64_{MONTH}.csv",
            (*MEMBERS, "sumber_iuran"),
            members,
        ),
    ]


def _nik(one: Invented) -> str:
    """Four digits of serial number are enough: birth dates repeat every 780 people."""
    return f"{one.nik[:12]}{1 + one.number // 780:04d}"


def _second_card(number: int) -> str:
    return f"27{number:09d}"


def _payments(folder: Path) -> tuple[Path, Decimal]:
    everybody = people(REGENCY_PAID + PROVINCE_PAID, PPU)
    full = ["10,000.00", "6,800.00"]
    rows = [[one.kpj, MONTH, "apbd_kab", *full] for one in everybody[:REGENCY_PAID]]
    rows += [
        [_second_card(one.number), MONTH, "apbd_prov", *full]
        for one in everybody[REGENCY_PAID - BOTH :]
    ]
    paid = Decimal(16_800) * len(rows)
    # of strangers, with sen, for other months too; the last cannot be read
    dice = random.Random(64)
    for number in range(40):
        amount = Decimal(dice.randrange(10**9)) / 100
        month = dice.choice(["2026-08", MONTH, "2026-10"])
        rows.append([f"28{number:09d}", month, "mandiri", f"{amount:,.2f}", ""])
        paid += amount
    rows.append([f"28{99:09d}", MONTH, "mandiri", "sepuluh ribu", ""])
    return write_csv(folder / f"bpjs_iuran_64_{MONTH}.csv", PAYMENTS, rows), paid


def _claims_and_pledges(folder: Path) -> tuple[list[Path], Decimal, Decimal]:
    dice = random.Random(42)
    claims = [
        Decimal(42_000_000),
        *(Decimal(dice.randrange(10**9)) / 100 for _ in "ab"),
    ]
    pledges = [Decimal(dice.randrange(10**11)) / 100 for _ in range(3)]
    rows = [
        [f"K{number}", people(1, PPU, number)[0].kpj, "JKM" if number == 0 else "JKK",
         "20/09/2026", _indonesian(amount)]
        for number, amount in enumerate(claims)
    ]  # fmt: skip
    given = [
        [f"PT Contoh {number}", "rentan", "10", _indonesian(amount), f"P{number}"]
        for number, amount in enumerate(pledges)
    ]
    given.append(["PT Contoh Gelap", "rentan", "10", "banyak", "P9"])
    return (
        [
            write_csv(folder / f"bpjs_klaim_64_{MONTH}.csv", CLAIMS, rows),
            write_csv(folder / f"csr_{KUKAR}_{MONTH}.csv", PLEDGES, given),
        ],
        sum(claims, Decimal(0)),
        sum(pledges, Decimal(0)),
    )


@pytest.fixture(scope="module")
def ran(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Home, Truth]:
    """The month, sent and run through the command line."""
    home, folder = new_home(), tmp_path_factory.mktemp("money")
    budgets, budget, realised = _budgets(folder)
    paid_file, paid = _payments(folder)
    others, claimed, pledged = _claims_and_pledges(folder)
    home.cli("submit", *budgets, *_people(folder), paid_file, *others).ok()
    ended = home.cli("run", "--json").ok().json
    assert {one["state"] for one in ended["submissions"]} == {"accepted"}
    assert len(ended["releases"]) == 1
    return home, Truth(budget, realised, pledged, paid, claimed)


def funding(home: Home, area: str, **wanted: str) -> dict[str, Any]:
    names = (
        "budget_rupiah", "budgeted_count", "months_covered", "registered_count",
        "active_count", "expected_rupiah", "paid_rupiah", "double_funded_count",
    )  # fmt: skip
    key = {"worker_group": "pekerja_rentan", "payer": "ALL", **wanted}
    (row,) = home.rows(
        f"select {', '.join(names)} from mart.monthly_funding "
        "where area_code = :area and fiscal_year = 2026 "
        "and worker_group = :worker_group and payer = :payer",
        area=area,
        **key,
    )
    return dict(zip(names, row, strict=True))


def test_budgets_to_the_rupiah(ran: tuple[Home, Truth]) -> None:
    home, _ = ran
    ppu = funding(home, PPU, payer="apbd_kab")
    assert ppu["budget_rupiah"] == 3_024_000_000 == 15_000 * 16_800 * 12
    assert ppu["months_covered"] == 12
    assert funding(home, PPU, payer="dbh_sawit")["budget_rupiah"] == 1_008_000_000
    bontang = funding(home, BONTANG)
    assert bontang["budget_rupiah"] == 601_053_600 == 35_777 * 16_800
    assert bontang["months_covered"] == 1
    kukar = funding(home, KUKAR, worker_group="ALL", payer="apbd_kab")
    assert kukar["budgeted_count"] == 46_073
    assert kukar["budget_rupiah"] == KUKAR_BUDGET
    assert kukar["months_covered"] == Decimal("9.95")


def test_people_paid_by_both_count_once_and_are_told(ran: tuple[Home, Truth]) -> None:
    home, _ = ran
    whole = funding(home, PPU)
    assert whole["registered_count"] == whole["active_count"] == 20_614
    assert whole["double_funded_count"] == BOTH
    assert whole["expected_rupiah"] == 20_614 * 16_800
    assert whole["paid_rupiah"] == (20_614 + BOTH) * 16_800
    by_payer = {
        payer: funding(home, PPU, payer=payer)["active_count"]
        for payer in ("apbd_kab", "apbd_prov")
    }
    assert by_payer == {"apbd_kab": REGENCY_PAID, "apbd_prov": PROVINCE_PAID + BOTH}
    twice = home.cli(
        "sql",
        "select person_count, rupiah from mart.monthly_discrepancies "
        f"where area_code = '{PPU}' and kind = 'double_funded'",
        "--json",
    ).ok()  # fmt: skip
    assert twice.json == [{"person_count": BOTH, "rupiah": BOTH * 16_800}]


def test_rupiah_of_the_files_at_every_layer(
    ran: tuple[Home, Truth], tmp_path: Path
) -> None:
    """Accepted rows, warehouse, published view, and the three forms of the release."""
    home, truth = ran
    wanted = truth.by_measure()
    assert _accepted(home) == wanted
    assert {name: _core(home, name) for name in wanted} == wanted
    home.cli("export", "--month", MONTH, "--to", tmp_path).ok()
    (released,) = tmp_path.rglob("monthly_funding.csv")
    for form, read in (
        ("view", lambda table: _view(home, table)),
        ("csv", lambda table: _csv(released.parent, table)),
        ("parquet", lambda table: _parquet(released.parent, table)),
        ("xlsx", lambda table: _xlsx(released.parent, table)),
    ):
        rows = [row for row in read("monthly_funding") if _year(row) == 2026]
        for split in (("ALL", "ALL"), ("", "ALL"), ("ALL", ""), ("", "")):
            found = {
                name: _sum(rows, name, split)
                for name in ("budget_rupiah", "realised_rupiah", "paid_rupiah")
            }
            assert found == {name: wanted[name] for name in found}, (form, split)
        claims = [
            row
            for row in read("monthly_benefits")
            if (row["area_code"], row["programme"]) == ("64", "ALL")
        ]
        assert _amount(claims[0]["paid_rupiah"]) == wanted["claims"], form


def test_what_cannot_count_is_told_with_place_and_fix(ran: tuple[Home, Truth]) -> None:
    home, _ = ran
    told = home.cli("findings", f"anggaran-{PPU}-{MONTH}-001", "--json").ok().json
    assert (told["received_count"], told["quarantined_count"]) == (7, 3)
    found = {one["code"]: one for one in told["findings"]}
    for number, code in enumerate(BAD_BUDGETS, start=6):
        assert found[code]["severity"] == "critical"
        assert found[code]["first_rows"] == [number]
        assert found[code]["text"]
        assert found[code]["fix"]
    above = found["REALISATION_ABOVE_BUDGET"]
    assert (above["severity"], above["first_rows"]) == ("warning", [5])


# ---- readers of the layers; each adds up in Decimal


def _amount(value: Any) -> Decimal:
    return Decimal(0) if value in (None, "") else Decimal(str(value))


def _year(row: dict[str, Any]) -> int:
    return int(row["fiscal_year"])


def _sum(rows: list[dict[str, Any]], name: str, split: tuple[str, str]) -> Decimal:
    """Of the province; "" adds the parts, "ALL" takes the row that has them all."""
    return sum(
        (
            _amount(row[name])
            for row in rows
            if row["area_code"] == "64"
            and all(
                (row[key] == "ALL") == (part == "ALL")
                for key, part in zip(("worker_group", "payer"), split, strict=True)
            )
        ),
        Decimal(0),
    )


def _accepted(home: Home) -> dict[str, Decimal]:
    columns = {
        "anggaran": {"budget_rupiah": ("pagu",), "realised_rupiah": ("realisasi",)},
        "csr": {"budget_rupiah": ("nilai",)},
        "bpjs_iuran": {"paid_rupiah": ("jkk_rupiah", "jkm_rupiah")},
        "bpjs_klaim": {"claims": ("jumlah",)},
    }
    found: dict[str, Decimal] = {}
    with home.context() as context:
        for dataset, measures in columns.items():
            for kept in context.store.list(f"lake/{dataset}/"):
                if not kept.key.endswith("/accepted.parquet"):
                    continue
                table = pq.read_table(io.BytesIO(context.store.read(kept.key)))
                for measure, names in measures.items():
                    for name in names:
                        amounts = [_amount(value) for value in table[name].to_pylist()]
                        found[measure] = found.get(measure, Decimal(0)) + sum(amounts)
    return found


def _core(home: Home, measure: str) -> Decimal:
    queries = {
        "budget_rupiah": "select (select sum(budget_rupiah) from core.budgets)"
        " + (select sum(pledge_rupiah) from core.pledges)",
        "realised_rupiah": "select sum(realised_rupiah) from core.budgets",
        "paid_rupiah": "select sum(total_rupiah) from core.contributions",
        "claims": "select sum(paid_rupiah) from core.claims",
    }
    ((amount,),) = home.rows(queries[measure])
    return Decimal(amount)


def _view(home: Home, table: str) -> list[dict[str, Any]]:
    rows = home.rows(f"select to_jsonb(published) from mart.{table} as published")
    return [row for (row,) in rows]


def _csv(folder: Path, table: str) -> list[dict[str, Any]]:
    text = (folder / f"{table}.csv").read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def _parquet(folder: Path, table: str) -> list[dict[str, Any]]:
    return pq.read_table(folder / f"{table}.parquet").to_pylist()


def _xlsx(folder: Path, table: str) -> list[dict[str, Any]]:
    (path,) = folder.glob("*.xlsx")
    book = openpyxl.load_workbook(path, read_only=False)
    for sheet in book.worksheets:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        for number, row in enumerate(rows):
            if (
                "fiscal_year" in row
                if table == "monthly_funding"
                else "claim_count" in row
            ):
                return [
                    {str(name): value for name, value in zip(row, other, strict=True)}
                    for other in rows[number + 1 :]
                    if other[0] is not None
                ]
    raise AssertionError(f"no sheet of {table}")
