"""The demo: a synthetic province from files to coverage table."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from cakupan.cli.output import say, show_rows
from cakupan.core.context import Context
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings, load_settings
from cakupan.core.store import prepare_store
from cakupan.demo import DemoProvince, generate, read_manifest
from cakupan.local import airflow
from cakupan.publish import queries
from cakupan.runs import ingest
from cakupan.runs import months as month_runs
from cakupan.runs.announce import months_with_news
from cakupan.runs.context import open_context
from cakupan.runs.status import matrix
from cakupan.runs.whole import run_landed

#: Generous: a demo month takes well under a minute; this only ends a hang.
TIMEOUT_PER_MONTH = 600.0
SYMBOLS = {"on_time": "v", "late": "T", "missing": "-", "nil": "0"}


def run_demo(*, months: int, scale: float, seed: int, through_airflow: bool) -> None:
    """Write, land and run the demo, then show what came out.

    Safe to repeat: what has landed and is published stays as it is.
    """
    begun = time.monotonic()

    def tell(text: str) -> None:
        say(f"[{time.monotonic() - begun:5.0f} s] {text}")

    settings = load_settings()
    with ThreadPoolExecutor(1) as beside, open_context(settings) as context:
        writing = beside.submit(_written, settings, months, scale, seed, tell)
        address = None
        if through_airflow:
            tell("menyalakan Airflow")
            address = airflow.up(settings, on_step=lambda text: tell(f"  {text}"))
            tell(f"Airflow: {address.url}")
        province = writing.result()
        landed = _land(context, province)
        tell(f"berkas mendarat: {landed} baru dari {len(province.files)}")
        if through_airflow:
            if not landed:
                _release_decided(context, settings, tell)
            _watch(context, settings, province, tell)
        else:
            run_landed(
                context,
                months=None,
                stages=("landing", "staging", "quality", "reconcile", "publish"),
                on_step=tell,
            )
        _show(context, province)
    if address is not None:
        say(f"\nAirflow   {address.url}")
        say(f"pengguna  {address.user}")
        say(f"sandi     {address.password_file}")
        say("hentikan  make down")


def _written(
    settings: Settings,
    months: int,
    scale: float,
    seed: int,
    tell: Callable[[str], None],
) -> DemoProvince:
    target = settings.home / "demo" / f"{months}-{scale:g}-{seed}"
    if (target / "manifest.json").exists():
        return read_manifest(target)
    tell("menulis Kalimantan Timur tiruan (orang dan angka rekaan)")
    target.mkdir(parents=True, exist_ok=True)
    return generate(target, months=months, scale=scale, seed=seed)


def _land(context: Context, province: DemoProvince) -> int:
    """Put the files where senders would; those already there stay."""
    prepare_store(context.settings)
    return sum(
        context.store.put(
            file.path.relative_to(province.target).as_posix(),
            file.path,
            stored_at=file.stored_at,
            if_absent=True,
        )
        for file in province.files
    )


def _release_decided(
    context: Context, settings: Settings, tell: Callable[[str], None]
) -> None:
    """Start the months that wait for no file: stewards decided since they were run."""
    if ingest.pending_batches(context):
        return
    for month in months_with_news(context):
        tell(f"{month}: ada keputusan yang belum diterbitkan")
        airflow.client(settings).trigger("reconcile_enrolments", month)


def _watch(
    context: Context,
    settings: Settings,
    province: DemoProvince,
    tell: Callable[[str], None],
) -> None:
    """Wait until the scheduler has published every month, telling what it does."""
    client = airflow.client(settings)
    said: dict[tuple[str, str], str] = {}
    count = ""

    def look() -> None:
        nonlocal count
        done, total = _judged(context, province)
        now = f"berkas diperiksa {done - done % 10 if done < total else done}/{total}"
        if now != count:
            count = now
            tell(now)
        for run in reversed(client.runs(limit=50)):
            key = (run.dag_id, run.run_id)
            if said.get(key) == run.state or run.state == "queued":
                continue
            said[key] = run.state
            if run.month:
                tell(f"{run.dag_id} {run.month}: {run.state}")

    client.wait(
        lambda: _is_done(context, province),
        timeout=TIMEOUT_PER_MONTH * len(province.months),
        on_poll=look,
        interval=4.0,
    )


def _judged(context: Context, province: DemoProvince) -> tuple[int, int]:
    waiting = sum(
        len(batch.submission_ids) for batch in ingest.pending_batches(context)
    )
    known = ingest.registered_count(context, province.months)
    # others may have been submitted beside those of the demo
    return min(known - waiting, len(province.files)), len(province.files)


def _is_done(context: Context, province: DemoProvince) -> bool:
    done, total = _judged(context, province)
    return done >= total and all(
        month_runs.is_reconciled(context, code, month)
        and month_runs.is_published(context, code, month)
        for month in province.months
        for code in month_runs.provinces_of(context, month)
    )


def _show(context: Context, province: DemoProvince) -> None:
    last = province.months[-1]
    _show_coverage(context, last)
    _show_matrix(context, last)
    say("\nRilis")
    rows = []
    for month in province.months:
        for code in context.settings.provinces:
            release = queries.current_release(context.engine, code, month)
            if release is not None:
                rows.append(
                    (
                        str(month),
                        release.release_id,
                        release.status,
                        f"{release.completeness_pct} %",
                        f"{context.settings.object_store}/{release.files_prefix}",
                    )
                )
    show_rows(
        rows,
        ("bulan", "rilis", "keadaan", "kelengkapan", "berkas"),
        always_table=True,
    )


def _show_coverage(context: Context, month: CoverageMonth) -> None:
    found = queries.coverage_rows(context.engine, month, programme="ANY")
    columns = (
        "area_code",
        "name",
        "segment",
        "active_count",
        "grace_count",
        "lapsed_count",
        "eligible_count",
        "coverage_pct",
        "definition_id",
        "denominator_date",
    )
    rows = [
        [row[column] for column in columns]
        for row in found.as_dicts()
        if row["area_level"] in {"province", "regency"}
        and row["segment"] in {"PU", "BPU", "ALL"}
        and (row["definition_id"] == "demo_sampel")
    ]
    show_rows(
        rows,
        columns,
        title=f"\nCakupan {month} (data tiruan, penyebut demo)",
        right=columns[3:8],
        always_table=True,
    )


def _show_matrix(context: Context, month: CoverageMonth) -> None:
    rows = matrix(context, month)
    datasets = sorted({row["dataset"] for row in rows if row["is_expected"]})
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows:
        if row["dataset"] not in datasets:
            continue
        symbol = "X" if row["is_refused"] else SYMBOLS[row["state"]]
        line = cells.setdefault((row["area_code"], row["name"]), {})
        line[row["dataset"]] = symbol if row["is_expected"] else ""
    show_rows(
        (
            [*area, *(line.get(dataset, "") for dataset in datasets)]
            for area, line in sorted(cells.items())
        ),
        ("wilayah", "nama", *datasets),
        title=f"\nPelaporan {month}: v tepat waktu, T terlambat, 0 nihil, "
        "- belum ada, X ditolak",
        always_table=True,
    )
