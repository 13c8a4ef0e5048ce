"""The plain-pandas way of doing the month: what most people would write first.

``read_csv``/``read_excel`` as text, one Great Expectations suite per file, ``merge`` on
NIK, ``groupby``, ``to_sql`` into PostgreSQL. Prints ``stage<TAB>seconds`` lines.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
import sqlalchemy as sa
from great_expectations.core.expectation_suite import ExpectationSuite

NIK = r"^\d{16}$"


def _check(context: Any, frame: pd.DataFrame, name: str, nik: str) -> set[int]:
    source = context.data_sources.add_pandas(name)
    batch = (
        source.add_dataframe_asset(name)
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": frame})
    )
    suite = ExpectationSuite(
        name=name,
        expectations=[
            gxe.ExpectColumnValuesToNotBeNull(column=nik),
            gxe.ExpectColumnValuesToMatchRegex(column=nik, regex=NIK),
            gxe.ExpectColumnValuesToBeUnique(column=nik),
        ],
    )
    result = batch.validate(
        suite,
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": ["row"],
            "exclude_unexpected_values": True,
            "partial_unexpected_count": 0,
            "return_unexpected_index_query": False,
        },
    )
    return {
        row
        for one in result.results
        for entry in one.result.get("unexpected_index_list") or []
        for row in entry["row"]
    }


def main() -> None:
    """Entry point: ``baseline.py FOLDER URL``."""
    folder, url = Path(sys.argv[1]), sys.argv[2]
    begun = time.perf_counter()

    def tell(stage: str) -> None:
        nonlocal begun
        now = time.perf_counter()
        sys.stdout.write(f"{stage}\t{now - begun:.2f}\n")
        sys.stdout.flush()
        begun = now

    frames = [
        (pd.read_csv if path.suffix == ".csv" else pd.read_excel)(path, dtype=str)
        for path in sorted(folder.glob("pekerja_rentan_*"))
    ]
    extract = pd.read_csv(next(folder.glob("bpjs_kepesertaan_*")), dtype=str)
    tell("staging")
    context = gx.get_context(mode="ephemeral")
    clean = []
    for number, frame in enumerate(frames):
        rows = frame.assign(row=range(len(frame)))
        bad = _check(context, rows, f"registry{number}", "NIK")
        clean.append(rows[~rows["row"].isin(bad)])
    rows = extract.assign(row=range(len(extract)))
    _check(context, rows, "extract", "nik")
    registry = pd.concat(clean)
    tell("quality")
    paid = pd.to_datetime(extract["bulan_iuran_terakhir"], format="%Y-%m")
    unpaid = (2026 - paid.dt.year) * 12 + 9 - paid.dt.month
    extract = extract.assign(is_active=unpaid < 3)
    joined = registry.merge(
        extract[["nik", "segmen", "is_active"]],
        left_on="NIK",
        right_on="nik",
        how="left",
    )
    coverage = (
        extract[extract["is_active"]]
        .groupby(["kode_kabkota", "segmen"])["nik"]
        .nunique()
        .reset_index()
    )
    tell("reconcile")
    engine = sa.create_engine(url)
    for name, frame in (
        ("registry", joined),
        ("participation", extract),
        ("coverage", coverage),
    ):
        frame.to_sql(name, engine, if_exists="replace", index=False, chunksize=10_000)
    tell("warehouse")


if __name__ == "__main__":
    main()
