"""Typed rows as staging writes them, built by hand. Synthetic people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cakupan.core.area import AreaCode
from cakupan.core.contracts import contract
from cakupan.core.findings import Finding
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings
from cakupan.core.submission import Slot
from cakupan.quality.check import Verdict, check_rows
from engines import IS_SPARK, run_on_engines

#: Their bytes are part of the fingerprint of a month.
STORED = ("accepted.parquet", "quarantined.parquet")
MONTH = CoverageMonth(2026, 9)

_TYPES = {
    "date": pa.date32(),
    "month": pa.date32(),
    "rupiah": pa.decimal128(18, 2),
    "count": pa.int64(),
    "year": pa.int32(),
    "decimal": pa.float64(),
    "flag": pa.bool_(),
}

GOOD: dict[str, dict[str, Any]] = {
    "pekerja_rentan": {
        "nik": "6402014107850001",
        "nama": "CONTOH SITI AMINAH",
        "tanggal_lahir": dt.date(1985, 7, 1),
        "jenis_kelamin": "P",
        "kode_desa": "64.02.01.2003",
        "penghasilan": Decimal("1000000.00"),
        "status": "ditetapkan",
        "nomor_sk": "400/CONTOH/2026",
        "tanggal_sk": dt.date(2026, 1, 15),
        "sumber_dana": "apbd_kab",
        "mulai": dt.date(2026, 1, 1),
        "selesai": dt.date(2026, 12, 31),
        "umur": 41,
    },
    "bpjs_kepesertaan": {
        "kpj": "26000000011",
        "nik": "6402014107850001",
        "nama": "CONTOH SITI AMINAH",
        "tanggal_lahir": dt.date(1985, 7, 1),
        "jenis_kelamin": "P",
        "segmen": "BPU",
        "jkk": True,
        "jkm": True,
        "sumber_iuran": "apbd_kab",
        "bulan_iuran_terakhir": dt.date(2026, 9, 1),
        "status": "aktif",
        "kode_kabkota": "64.02",
        "status_periode": "posting",
    },
    "penyebut": {
        "kode_wilayah": "64.02",
        "segmen": "BPU",
        "definisi": "potensi_bpjs",
        "jumlah_orang": 51086,
        "sumber": "Contoh",
        "tanggal_acuan": dt.date(2025, 8, 31),
    },
    "target": {
        "kode_wilayah": "64.02",
        "tahun": 2026,
        "segmen": "BPU",
        "satuan": "persen",
        "nilai": 70.0,
        "sumber": "Contoh",
    },
    "anggaran": {
        "tahun": 2026,
        "sumber_dana": "apbd_kab",
        "kelompok": "pekerja_rentan",
        "jumlah_orang": 15000,
        "jumlah_bulan": 12,
        "pagu": Decimal("3024000000.00"),
        "realisasi": Decimal("2268000000.00"),
    },
    "csr": {
        "perusahaan": "PT CONTOH",
        "kelompok": "pekerja_rentan",
        "jumlah_orang": 500,
        "jumlah_bulan": 12,
        "nilai": Decimal("100800000.00"),
    },
    "kebijakan": {
        "jenis": "perbup",
        "tanggal": dt.date(2026, 6, 13),
        "berlaku_sampai": dt.date(2026, 12, 31),
        "tentang": "CONTOH",
    },
    "bpjs_iuran": {
        "kpj": "26000000011",
        "bulan_iuran": dt.date(2026, 9, 1),
        "sumber_iuran": "apbd_kab",
        "jkk_rupiah": Decimal("10000.00"),
        "jkm_rupiah": Decimal("6800.00"),
        "tanggal_bayar": dt.date(2026, 9, 10),
    },
    "bpjs_klaim": {
        "nik": "6402014107850001",
        "kpj": "26000000011",
        "program": "JKM",
        "tanggal_kejadian": dt.date(2026, 9, 2),
        "tanggal_bayar": dt.date(2026, 9, 20),
        "jumlah": Decimal("42000000.00"),
    },
    "dukcapil_padan": {
        "nik": "6402014107850001",
        "status": "padan",
        "tanggal": dt.date(2026, 9, 30),
    },
}
#: Text that tells the rows of a dataset apart.
_NUMBERED = {
    "anggaran": "nomor_dpa",
    "csr": "nomor_pks",
    "kebijakan": "nomor",
    "bpjs_klaim": "nomor_klaim",
}
GOOD["non_asn"] = {
    **{
        name: value
        for name, value in GOOD["pekerja_rentan"].items()
        if name not in {"penghasilan", "status", "nomor_sk", "tanggal_sk", "kode_desa"}
    },
    "upah": Decimal("2500000.00"),
}
for _dataset in ("aparatur_desa", "rt_rw"):
    GOOD[_dataset] = {
        name: value
        for name, value in GOOD["pekerja_rentan"].items()
        if name not in {"penghasilan", "status", "nomor_sk", "tanggal_sk"}
    }


def slot_of(dataset: str, area: str | None = None) -> Slot:
    """A slot of September 2026; Kutai Kartanegara unless said otherwise."""
    default = "64.02" if contract(dataset).kind == "registry" else "64"
    return Slot(dataset, AreaCode(area or default), MONTH)


def typed_schema(dataset: str) -> pa.Schema:
    """Columns of ``typed.parquet`` as docs/architecture.md describes them."""
    fields = [pa.field("source_row", pa.int64()), pa.field("row__defect", pa.string())]
    kinds = {column.name: column.type for column in contract(dataset).columns}
    for name, kind in kinds.items():
        fields.append(pa.field(name, _TYPES.get(kind, pa.string())))
        fields.append(pa.field(f"{name}__defect", pa.string()))
    if "nik" in kinds:
        fields.append(pa.field("nik__note", pa.string()))
    if contract(dataset).kind == "registry":
        fields.append(pa.field("umur", pa.int32()))
        if "kode_desa" not in kinds:
            fields.append(pa.field("kode_desa", pa.string()))
            fields.append(pa.field("kode_desa__defect", pa.string()))
    return pa.schema(fields)


def row(dataset: str, number: int, **changes: Any) -> dict[str, Any]:
    """A good row with its own NIK and KPJ, changed in some columns."""
    values = dict(GOOD[dataset])
    if "nik" in values:
        values["nik"] = f"640201410785{number:04d}"
    if "kpj" in values:
        values["kpj"] = f"2600000{number:04d}"
    if dataset in _NUMBERED:
        values[_NUMBERED[dataset]] = f"CONTOH/{number}"
    if dataset == "penyebut":
        values["definisi"] = f"definisi_{number}"
    if dataset == "target":
        values["tahun"] = 2000 + number
    return {"source_row": number + 1, **values, **changes}


def write_typed(dataset: str, rows: Sequence[dict[str, Any]], folder: Path) -> Path:
    """``typed.parquet`` in a folder."""
    path = folder / "typed.parquet"
    pq.write_table(pa.Table.from_pylist(list(rows), typed_schema(dataset)), path)
    return path


def gate(
    folder: Path,
    dataset: str,
    rows: Sequence[dict[str, Any]],
    prior: Sequence[Finding] = (),
    *,
    received: int | None = None,
    limit: int = 0,
    is_spark: bool = IS_SPARK,
) -> Verdict:
    """Rows through all checks and the gate, on every engine."""

    def run(settings: Settings, out: Path) -> Verdict:
        for name in ("accepted", "quarantined"):
            (out / f"{name}.parquet").unlink(missing_ok=True)
        return check_rows(
            settings,
            write_typed(dataset, rows, out),
            slot_of(dataset),
            out,
            prior,
            len(rows) if received is None else received,
            row_level_limit=limit,
        )

    return run_on_engines(
        settings_in(folder), folder, run, is_spark=is_spark, same_files=STORED
    )


def settings_in(folder: Path) -> Settings:
    """Settings with their home below a folder."""
    return Settings(home=folder / "home", threads=2)
