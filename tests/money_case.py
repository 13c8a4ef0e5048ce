"""A month with money: rows as quality accepts them, through reconcile and publish."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from cakupan.core.settings import Settings
from cakupan.publish.marts import INPUTS, compute_marts
from engines import IS_SPARK, run_on_engines
from publish_rows import one, pick, sent, submissions_table
from reconcile_case import MONTH, PROVINCE, Reconciled, Sent, day, kpj, reconcile


def payment(number: int, payer: str = "apbd_kab", **values: Any) -> dict[str, Any]:
    """JKK and JKM of September for the KPJ of person ``number``."""
    return {
        "kpj": kpj(number),
        "bulan_iuran": day("2026-09"),
        "sumber_iuran": payer,
        "jkk_rupiah": 10_000,
        "jkm_rupiah": 6_800,
        "tanggal_bayar": day("2026-09-10"),
    } | values


def head(
    people: int | None, rupiah: int, payer: str = "apbd_kab", **values: Any
) -> dict[str, Any]:
    """A row of a budget: vulnerable workers in 2026."""
    return {
        "tahun": 2026,
        "sumber_dana": payer,
        "kelompok": "pekerja_rentan",
        "jumlah_orang": people,
        "pagu": rupiah,
    } | values


@dataclass(frozen=True)
class Money:
    """What was reconciled and what is published of it."""

    found: Reconciled
    marts: dict[str, list[dict[str, Any]]]

    def funding(self, area: str, **wanted: Any) -> dict[str, Any]:
        """One row of monthly_funding; vulnerable workers of 2026 unless told."""
        key = {
            "area_code": area,
            "fiscal_year": 2026,
            "worker_group": "pekerja_rentan",
            "payer": "ALL",
        } | wanted
        return one(self.marts["monthly_funding"], **key)

    def warned(self, area: str, group: str = "ALL") -> dict[str, int]:
        """People by kind of early warning."""
        rows = pick(
            self.marts["monthly_early_warning"], area_code=area, worker_group=group
        )
        return {row["kind"]: row["person_count"] for row in rows}

    def rupiah(self, kind: str) -> list[tuple[str, int | None]]:
        """Area and rupiah of the discrepancies of a kind."""
        return [
            (row["area_code"], None if row["rupiah"] is None else int(row["rupiah"]))
            for row in self.found.rows("discrepancies")
            if row["kind"] == kind
        ]


def month_of(folder: Path, *files: Sent, is_spark: bool = IS_SPARK) -> Money:
    """Reconcile and publish September 2026 of Kalimantan Timur."""
    found = reconcile(folder, *files, is_spark=is_spark)
    out = folder / "marts"
    out.mkdir()
    submissions = submissions_table(
        [
            sent(file.dataset, file.area, rows=len(file.rows or ()))
            for file in files
            if file.month == MONTH
        ]
    )
    run_on_engines(
        Settings(home=folder / "home"),
        out,
        lambda settings, target: compute_marts(
            settings,
            PROVINCE,
            MONTH,
            {name: found.folder / f"{name}.parquet" for name in INPUTS},
            submissions,
            target,
        ),
        is_spark=is_spark,
    )
    return Money(
        found,
        {path.stem: pq.read_table(path).to_pylist() for path in sorted(out.iterdir())},
    )
