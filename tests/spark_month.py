"""A month in which most of the SQL has something to do, and a process that runs it.

``python -m spark_month MASTER FOLDER`` writes ``FOLDER/out`` (reconciled) and
``FOLDER/marts`` on a Spark master; in a process of its own, as one process has one
session of Spark.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from cakupan.core.settings import Settings
from cakupan.publish.marts import INPUTS, compute_marts
from cakupan.reconcile.inputs import MonthInputs
from cakupan.reconcile.month import reconcile_month
from cakupan.runs.linker import engine_linker
from engines import on_spark
from money_case import head, payment
from publish_rows import sent, submissions_table
from reconcile_case import (
    KEY,
    MONTH,
    PROVINCE,
    Sent,
    day,
    entry,
    extract,
    kpj,
    membership,
    nik,
    rentan,
    written,
)
from spark_cluster import CONF

FILES = (
    rentan(
        "64.02",
        entry(1, kode_desa="64.02.01.2003", status="ditetapkan"),
        entry(2, penghasilan=2_000_000, selesai=day("2026-10")),
        entry(3),
        entry(4, umur=70),
        entry(5, nama="Siti Aminah binti Hasan, S.Pd"),
        entry(6),
        quarantined=[
            {
                "nama": "Budi Santoso",
                "tanggal_lahir": day("1990-05-05"),
                "jenis_kelamin": "L",
                "codes": ["NIK_LENGTH"],
            }
        ],
    ),
    Sent("rt_rw", "64.71", (entry(1, jabatan="ketua rt"), entry(7, jabatan="PNS"))),
    rentan("64.03", entry(9), entry(1)),
    extract(
        membership(1),
        membership(1, sumber_iuran="csr"),
        membership(2, bulan_iuran_terakhir=day("2026-07"), kode_desa="64.02.01.2003"),
        membership(4, segmen="PU", sumber_iuran="perusahaan", jht=True),
        membership(5, nama="SITI AMINA", nik=None),
        membership(6, nama="ZULKIFLI", tanggal_lahir=day("1966-11-11")),
        membership(8, nik=None, nama="BUDI SANTOSO", tanggal_lahir=day("1990-05-05")),
        membership(10, bulan_iuran_terakhir=None, status="tidak_aktif"),
    ),
    Sent("anggaran", "64.02", (head(3, 600_000), head(None, 100_000, "csr"))),
    Sent("bpjs_iuran", "64", (payment(1), payment(1, "csr"), payment(2), payment(11))),
    Sent(
        "bpjs_klaim",
        "64",
        (
            {
                "nomor_klaim": "K1",
                "kpj": kpj(1),
                "nik": nik(1),
                "program": "JKM",
                "tanggal_kejadian": day("2026-08-03"),
                "tanggal_bayar": day("2026-09-03"),
                "jumlah": 42_000_000,
                "penerima": "ahli waris",
            },
        ),
    ),
    Sent(
        "csr",
        "64.02",
        (
            {
                "perusahaan": "PT Contoh",
                "kelompok": "pekerja_rentan",
                "jumlah_orang": 5,
                "jumlah_bulan": 3,
                "nilai": 252_000,
            },
        ),
    ),
    Sent(
        "kebijakan",
        "64.02",
        (
            {
                "jenis": "perbup",
                "nomor": "1",
                "tanggal": day("2025-01-01"),
                "berlaku_sampai": day("2026-12-01"),
                "tentang": "contoh",
            },
        ),
    ),
)


def run(settings: Settings, folder: Path) -> None:
    """Reconcile and publish the month below ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    out, marts = folder / "out", folder / "marts"
    marts.mkdir()
    reconcile_month(
        settings,
        KEY,
        PROVINCE,
        MONTH,
        MonthInputs(written(folder, FILES)),
        out,
        engine_linker,
    )
    compute_marts(
        settings,
        PROVINCE,
        MONTH,
        {name: out / f"{name}.parquet" for name in INPUTS},
        submissions_table(
            [sent(file.dataset, file.area, rows=len(file.rows or ())) for file in FILES]
        ),
        marts,
    )


def main(master: str, folder: str) -> None:
    """Run on a Spark master on this machine."""
    settings = on_spark(Settings(home=Path(folder) / "home"), master)
    run(replace(settings, spark_conf=(*settings.spark_conf, *CONF)), Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
