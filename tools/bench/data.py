"""A full province month, written once: ten registry files and one extract.

Half of the registry files are CSV, half XLSX, as regencies send them. Everything is
vectorised and seeded: the same size gives the same bytes.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import xlsxwriter

from cakupan.core import areas

Columns = dict[str, "np.ndarray[Any, Any]"]

MONTH = "2026-09"
PROVINCE = "64"
FIRST = (
    "AHMAD", "MUHAMMAD", "SITI", "NUR", "ABDUL", "DEWI", "SRI", "RINA", "ANDI", "AJI",
    "YOHANES", "MARIA",
)  # fmt: skip
LAST = (
    "SAPUTRA", "RAHMAN", "HIDAYAT", "LESTARI", "WAHYUNI", "BATUBARA", "SIREGAR",
    "LAWAI", "UTAMI",
)  # fmt: skip

_LETTERS = str.maketrans("0123456789", "ABCDEFGHIJ")


@dataclass(frozen=True, slots=True)
class BenchData:
    """Where the files are and how many rows they hold."""

    registries: tuple[tuple[str, Path], ...]
    extract: Path
    registry_rows: int
    extract_rows: int


def _villages() -> dict[str, list[str]]:
    return {
        regency: [
            village
            for district in areas.children(regency)
            for village in areas.children(district)
        ]
        for regency in areas.regencies(PROVINCE)
    }


def _people(
    random: np.random.Generator, villages: list[str], start: int, rows: int
) -> Columns:
    home = np.array(villages)[random.integers(0, len(villages), rows)]
    year = random.integers(1963, 2006, rows)
    month, day = random.integers(1, 13, rows), random.integers(1, 29, rows)
    is_woman = random.random(rows) < 0.5
    # real serials are mostly small: a multiple of ten is rare
    serial = (start + np.arange(rows)) % 9 + 1 + 10 * random.integers(0, 900, rows)
    prefix = np.char.replace(home.astype("U8"), ".", "")
    nik = np.char.add(
        prefix,
        np.array(
            [
                f"{d:02d}{m:02d}{y % 100:02d}{s:04d}"
                for d, m, y, s in zip(
                    day + 40 * is_woman, month, year, serial, strict=True
                )
            ]
        ),
    )
    tail = np.array([f" {n:06d}" for n in range(997)])[serial % 997]
    name = np.char.add(
        np.char.add(
            np.array(FIRST)[random.integers(0, len(FIRST), rows)],
            np.char.add(" ", np.array(LAST)[random.integers(0, len(LAST), rows)]),
        ),
        np.array([text.translate(_LETTERS) for text in tail]),
    )
    born = np.array(
        [f"{d:02d}/{m:02d}/{y}" for d, m, y in zip(day, month, year, strict=True)]
    )
    return {
        "nik": nik,
        "nama": name,
        "tanggal_lahir": born,
        "jenis_kelamin": np.where(is_woman, "P", "L"),
        "kode_desa": home,
    }


def _registry(random: np.random.Generator, people: Columns) -> Columns:
    rows = len(people["nik"])
    jobs = np.array(["Nelayan", "Petani", "Buruh", "Pedagang", "Tukang", "Pengemudi"])
    income = random.integers(5, 40, rows) * 100_000
    nik = people["nik"].copy()
    dirty = random.random(rows) < 0.05
    nik[dirty] = np.char.add(nik[dirty].astype("U12"), "x")
    return {
        "NIK": nik,
        "Nama Lengkap": people["nama"],
        "Tgl Lahir": people["tanggal_lahir"],
        "JK": people["jenis_kelamin"],
        "Alamat": np.char.add("Jl. Contoh ", people["kode_desa"]),
        "Kode Desa": people["kode_desa"],
        "Pekerjaan": jobs[random.integers(0, len(jobs), rows)],
        "Penghasilan": np.array([f"{value:,}".replace(",", ".") for value in income]),
        "Status": np.array(["usulan", "terverifikasi", "ditetapkan"])[
            random.integers(0, 3, rows)
        ],
        "Nomor SK": np.full(rows, "560/K.12/2026"),
        "Tanggal SK": np.full(rows, "02/01/2026"),
        "Sumber Dana": np.array(["apbd_kab", "apbd_prov", "csr"])[
            random.integers(0, 3, rows)
        ],
        "Mulai": np.full(rows, "01/01/2026"),
    }


def _write_xlsx(path: Path, columns: Columns) -> None:
    book = xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_numbers": False}
    )
    sheet = book.add_worksheet("Data")
    sheet.write_row(0, 0, list(columns))
    for number, row in enumerate(zip(*columns.values(), strict=True), start=1):
        sheet.write_row(number, 0, [str(value) for value in row])
    book.close()


def write_csv(path: Path, columns: Columns) -> None:
    """Write columns of text under a header."""
    arrays = {key: pa.array(value) for key, value in columns.items()}
    pa_csv.write_csv(pa.table(arrays), path)


def write_registry(folder: Path, regency: str, rows: int) -> list[Path]:
    """One list of a regency, as CSV and as XLSX."""
    random = np.random.default_rng(rows)
    people = _people(random, _villages()[regency], 7, rows)
    columns = _registry(random, people)
    name = f"pekerja_rentan_{regency}_{MONTH}"
    paths = [folder / f"{name}.csv", folder / f"{name}.xlsx"]
    write_csv(paths[0], columns)
    _write_xlsx(paths[1], columns)
    return paths


def write(target: Path, registry_rows: int, extract_rows: int) -> BenchData:
    """Write the files unless a run of the same size left them there."""
    folder = target / f"{registry_rows}-{extract_rows}"
    done = folder / "done.csv"
    extract = folder / f"bpjs_kepesertaan_{PROVINCE}_{MONTH}.csv"
    regencies = areas.regencies(PROVINCE)
    registries = tuple(
        (
            regency,
            folder
            / f"pekerja_rentan_{regency}_{MONTH}.{'csv' if number % 2 else 'xlsx'}",
        )
        for number, regency in enumerate(regencies)
    )
    data = BenchData(registries, extract, registry_rows, extract_rows)
    if done.exists():
        return data
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(64)
    villages = _villages()
    per_file = registry_rows // len(regencies)
    per_regency = extract_rows // len(regencies)
    parts: list[Columns] = []
    for number, (regency, path) in enumerate(registries):
        insured = _people(random, villages[regency], number * 13, per_regency)
        insured["kode_kabkota"] = np.full(per_regency, regency)
        parts.append(insured)
        count = per_file * 3 // 5
        known = {key: value[:count] for key, value in insured.items()}
        others = _people(
            random, villages[regency], number * 17 + 5000, per_file - count
        )
        people = {key: np.concatenate([known[key], others[key]]) for key in others}
        columns = _registry(random, people)
        (write_csv if path.suffix == ".csv" else _write_xlsx)(path, columns)
    rows = per_regency * len(regencies)
    joined = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    segment = np.array(["BPU", "PU", "PU", "JAKON"])[random.integers(0, 4, rows)]
    unpaid = random.choice([0, 0, 0, 0, 0, 0, 1, 2, 3, 5], rows)
    paid = np.array(["2026-09", "2026-08", "2026-07", "2026-06", "2026-05", "2026-04"])
    yes = np.full(rows, "Y")
    is_pu = segment == "PU"
    write_csv(
        extract,
        {
            "kpj": np.array([f"{26_000_000_000 + n}" for n in range(rows)]),
            "nik": joined["nik"],
            "nama": joined["nama"],
            "tanggal_lahir": joined["tanggal_lahir"],
            "jenis_kelamin": joined["jenis_kelamin"],
            "segmen": segment,
            "jkk": yes,
            "jkm": yes,
            "jht": np.where(is_pu, "Y", "T"),
            "jp": np.where(is_pu, "Y", "T"),
            "jkp": np.where(is_pu, "Y", "T"),
            "npp": np.where(is_pu, "15070955", ""),
            "nama_perusahaan": np.where(is_pu, "PT CONTOH BORNEO", ""),
            "sumber_iuran": np.where(is_pu, "perusahaan", "mandiri"),
            "sektor": np.full(rows, "PERKEBUNAN"),
            "tanggal_kepesertaan": np.full(rows, "01/02/2024"),
            "bulan_iuran_terakhir": paid[unpaid],
            "status": np.where(unpaid >= 3, "TIDAK AKTIF", "AKTIF"),
            "kode_kabkota": joined["kode_kabkota"],
            "kode_desa": joined["kode_desa"],
            "kantor_cabang": np.full(rows, "SAMARINDA"),
            "status_periode": np.full(rows, "posting"),
        },
    )
    with done.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow([registry_rows, extract_rows])
    return data
