"""The monthly BPJS extract of the province, as an Arrow table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from cakupan.core import areas
from cakupan.demo import words
from cakupan.demo.memberships import Memberships
from cakupan.demo.people import Array, digits, regencies
from cakupan.demo.world import World

# Upper bounds of the draw `luck`, one defect each, and the finding where the row is
# held back. A bad NIK holds nothing back here: the person is insured all the same.
_DEFECTS = (
    (0.0005, "KPJ_MISSING"),
    (0.0010, "AREA_CODE_UNKNOWN"),
    (0.0013, "AREA_CODE_OTHER_PROVINCE"),
    (0.0016, "VALUE_UNKNOWN"),
    (0.0020, "DUPLICATE_ROW"),
)
_NIK_EMPTY, _NIK_BAD, _PAYMENT_EMPTY, _NOT_POSTED = 0.016, 0.019, 0.021, 0.025
_LAPSED_AFTER = 3


def extract(
    world: World, month: int, is_bps: bool, all_posted: bool
) -> tuple[pa.Table, Counter[str]]:
    """Rows of one month and how many of them must be quarantined, by finding.

    Args:
        world: the synthetic province.
        month: counted from year 0.
        is_bps: regency codes of BPS instead of Kemendagri, declared as such.
        all_posted: no row is still in ``finalisasi``.
    """
    members, rows, paid = world.memberships.at(month)
    kind = np.searchsorted([bound for bound, _ in _DEFECTS], members.luck, "right")
    columns = _person(world, members) | _payment(members, month, paid, is_bps)
    columns["kpj"] = np.where(kind == 0, "", world.memberships.kpj()[rows])
    home = world.people.regency[members.person]
    columns |= _area(home, world.people.village[members.person], members, is_bps)
    columns["kode_kabkota"] = np.select(
        [kind == 1, kind == 2],
        ["6499" if is_bps else "64.99", "6571" if is_bps else "65.71"],
        columns["kode_kabkota"],
    )
    columns["kode_desa"] = np.where((kind == 1) | (kind == 2), "", columns["kode_desa"])
    columns["segmen"] = np.where(kind == 3, "LAINNYA", members.segment)
    posted = all_posted | (members.luck < _PAYMENT_EMPTY) | (members.luck > _NOT_POSTED)
    columns["status_periode"] = np.where(posted, "posting", "finalisasi")
    table = pa.table({name: _text(columns[name]) for name in _ORDER})
    again = np.flatnonzero(kind == len(_DEFECTS) - 1)
    table = pa.concat_tables([table, table.take(pa.array(again))]).combine_chunks()
    held = Counter(
        {code: int((kind == number).sum()) for number, (_, code) in enumerate(_DEFECTS)}
    )
    return table, +held


_ORDER = (
    "kpj", "nik", "nama", "tanggal_lahir", "jenis_kelamin", "segmen", "jkk", "jkm",
    "jht", "jp", "jkp", "npp", "nama_perusahaan", "sumber_iuran", "sektor",
    "tanggal_kepesertaan", "bulan_iuran_terakhir", "status", "kode_kabkota",
    "kode_desa", "skema_kode", "kantor_cabang", "upah", "status_periode",
)  # fmt: skip


def write_extract(table: pa.Table, path: Path) -> None:
    """Write as Parquet or CSV, by the ending of the name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        pq.write_table(table, path, compression="zstd")
    else:
        pa_csv.write_csv(table, path)


def _text(values: Array) -> pa.Array:
    """Text column, empty as null."""
    found = pa.array(values.astype("U"))
    return pa.compute.if_else(pa.compute.equal(found, ""), None, found)


def _person(world: World, members: Memberships) -> dict[str, Array]:
    people = world.people
    nik = people.nik[members.person]
    bad = np.char.replace(nik, "0001", "OOO1")
    nik = np.where(members.luck < _NIK_BAD, bad, nik)
    within = (members.luck >= _DEFECTS[-1][0]) & (members.luck < _NIK_EMPTY)
    name = np.char.upper(people.name[members.shown_as])
    short = np.char.replace(
        np.char.replace(name, "MUHAMMAD ", "MUH. "), "SITI ", "ST. "
    )
    birth = people.birth[members.shown_as].astype("M8[D]")
    return {
        "nik": np.where(within, "", nik),
        "nama": np.where(members.luck > 0.9, short, name),
        "tanggal_lahir": np.datetime_as_string(birth, unit="D"),
        "jenis_kelamin": np.where(people.is_woman[members.shown_as], "P", "L"),
    }


def _payment(
    members: Memberships, month: int, paid: Array, is_bps: bool
) -> dict[str, Array]:
    yes_no = ["Y", "T"]
    start_day = (members.luck * 27).astype(int) + 1
    year, number = digits(paid // 12, 4), digits(paid % 12 + 1, 2)
    told = (
        np.char.add(np.char.add(number, "/"), year)
        if is_bps
        else np.char.add(np.char.add(year, "-"), number)
    )
    untold = (members.luck >= _NIK_BAD) & (members.luck < _PAYMENT_EMPTY)
    since = _date_text(members.start, start_day)
    has_company = members.company >= 0
    companies = np.array(words.COMPANIES)[members.company % len(words.COMPANIES)]
    branch = digits(members.company // len(words.COMPANIES) + 1, 2)
    full_name = np.char.add(np.char.add(companies, " "), branch)
    sectors = np.array(words.SECTORS)[(members.luck * 997).astype(int) % 6]
    lapsed = month - paid >= _LAPSED_AFTER
    return {
        "jkk": np.full(len(paid), "Y"),
        "jkm": np.full(len(paid), "Y"),
        "jht": np.where(members.jht, *yes_no),
        "jp": np.where(members.jp, *yes_no),
        "jkp": np.where(members.jkp, *yes_no),
        "npp": np.where(has_company, digits(members.company + 15_000_001, 8), ""),
        "nama_perusahaan": np.where(has_company, full_name, ""),
        "sumber_iuran": members.payer,
        "sektor": sectors,
        "tanggal_kepesertaan": since,
        "bulan_iuran_terakhir": np.where(untold, "", told),
        "status": np.where(lapsed, "tidak_aktif", "aktif"),
        "upah": members.wage.astype("U"),
    }


def _date_text(month: Array, day: Array) -> Array:
    text = np.char.add(
        np.char.add(digits(month // 12, 4), "-"), digits(month % 12 + 1, 2)
    )
    return np.char.add(np.char.add(text, "-"), digits(day, 2))


def _area(
    home: Array, village: Array, members: Memberships, is_bps: bool
) -> dict[str, Array]:
    codes = regencies()
    shown = [areas.bps_from_regency(code) or "" if is_bps else code for code in codes]
    has_village = members.segment == "BPU"
    return {
        "kode_kabkota": np.array(shown)[home],
        "kode_desa": np.where(has_village, village, ""),
        "skema_kode": np.full(len(home), "bps" if is_bps else "kemendagri"),
        "kantor_cabang": np.array([words.BRANCHES[code] for code in codes])[home],
    }
