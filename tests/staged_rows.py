"""Text rows as the reader writes them, for tests of typing."""

from __future__ import annotations

from collections.abc import Sequence
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
from cakupan.staging.collect import KINDED
from cakupan.staging.typed import TypedResult, type_rows
from engines import IS_SPARK, run_on_engines

MONTH = CoverageMonth(2026, 9)


def write_raw(target: Path, dataset: str, rows: Sequence[dict[str, str]]) -> None:
    """Write ``raw.parquet``: ``column`` or ``column__kind`` -> text, kind ``t``."""
    types = {column.name: column.type for column in contract(dataset).columns}
    names = list(dict.fromkeys(n for row in rows for n in row if "__" not in n))
    table: dict[str, Any] = {
        "source_row": pa.array(
            [int(row.get("row__number", i + 2)) for i, row in enumerate(rows)],
            pa.int64(),
        )
    }
    for name in names:
        table[name] = pa.array([row.get(name, "") for row in rows], pa.string())
        if types.get(name) in KINDED:
            kinds = [row.get(f"{name}__kind", "t") for row in rows]
            table[f"{name}__kind"] = pa.array(kinds, pa.string())
    table["row__defect"] = pa.array(
        [row.get("row__defect") for row in rows], pa.string()
    )
    pq.write_table(pa.table(table), target)


def typed(
    folder: Path,
    dataset: str,
    rows: Sequence[dict[str, str]],
    *,
    area: str = "64.02",
    layout: dict[str, Any] | None = None,
    is_spark: bool = IS_SPARK,
) -> tuple[list[dict[str, Any]], list[Finding], dict[str, str]]:
    """Type text rows; gives typed rows, findings of the file and its notations."""
    slot = Slot(dataset, AreaCode.parse(area), MONTH)

    def run(settings: Settings, out: Path) -> TypedResult:
        raw = out / "raw.parquet"
        write_raw(raw, dataset, rows)
        return type_rows(settings, raw, slot, layout or {}, out / "typed.parquet")

    settings = Settings(home=folder / "home", threads=2)
    result = run_on_engines(
        settings, folder, run, is_spark=is_spark, same_files=("typed.parquet",)
    )
    found = pq.read_table(folder / "typed.parquet").to_pylist()
    return found, result.findings, result.notations
