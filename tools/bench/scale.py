"""How a province month grows: 1, 3, 10 and 30 times the month of ``make bench``.

``make bench-scale`` writes the files of one regency after the other, lands them, and
runs the month as ``cakupan run`` does, each size on an empty warehouse of its own. It
prints seconds, processor seconds, peak memory and the growth exponent of every stage: 1
is linear, 2 is quadratic. Results are kept in ``build/bench-scale/results.json``, so
that sizes can be measured one at a time: ``BENCH_ARGS="--sizes 10"``.

``--engine spark`` measures the other engine, ``--stages`` ends early (a disk that cannot
hold the warehouse of the largest size), ``--memory`` is ``CAKUPAN_MEMORY_LIMIT``: unless
given its default of 1 GB, and 3 GB beyond ten times the month.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch

from bench.data import MONTH, PROVINCE
from bench.meter import Meter
from bench.scale_data import EXTRACT_ROWS, REGISTRY_ROWS, write_regencies
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings, load_settings
from cakupan.local import postgres

STAGES = ("landing", "staging + quality", "reconcile", "warehouse", "publish")

Results = dict[str, dict[str, dict[str, float]]]


def _settings(home: Path, variables: Mapping[str, str]) -> Settings:
    return load_settings(
        {**variables, "CAKUPAN_HOME": str(home), "CAKUPAN_PROVINCES": PROVINCE}
    )


def _land(settings: Settings, size: float) -> None:
    """Put the files of every regency into the landing area, one regency at a time."""
    from cakupan.core.store import prepare_store
    from cakupan.landing.naming import slot_for
    from cakupan.landing.submit import submit_file

    store = prepare_store(settings)
    for paths in write_regencies(settings.home / "sent", size):
        for path in paths:
            submit_file(store, path, slot_for(path, provinces=settings.provinces))
            path.unlink()


def _month(settings: Settings, stages: int, tell: Connection) -> None:
    """The month as `cakupan run` does it; tells when each stage has ended."""
    from cakupan.runs import ingest, months, workers
    from cakupan.runs.context import open_context
    from cakupan.warehouse.load import load_month

    month = CoverageMonth.parse(MONTH)

    def loaded(*given: Any) -> Any:
        tell.send("reconcile")
        if stages < len(STAGES) - 1:
            raise SystemExit(0)
        return load_month(*given)

    with (
        patch("cakupan.runs.months.load_month", loaded),
        open_context(settings) as context,
    ):
        tell.send("start")
        ingest.scan_landing(context)
        # the archive holds the bytes; what is measured needs no second copy
        shutil.rmtree(settings.home / "store" / "landing")
        tell.send("landing")
        batches = ingest.pending_batches(context)
        for _, (_, failures) in workers.process_all(context, batches, print):
            if failures:
                raise failures[0]
        tell.send("staging + quality")
        months.reconcile(context, PROVINCE, month)
        tell.send("warehouse")
        if stages == len(STAGES):
            print(months.publish(context, PROVINCE, month)["release_id"], flush=True)
            tell.send("publish")


@contextmanager
def _empty(home: Path) -> Iterator[None]:
    shutil.rmtree(home, ignore_errors=True)
    try:
        yield
    finally:
        shutil.rmtree(home, ignore_errors=True)


def measure(settings: Settings, size: float, stages: int) -> dict[str, Any]:
    """Run one size; usage by stage, and of the whole."""
    spawn = multiprocessing.get_context("spawn")
    found: dict[str, Any] = {}
    with _empty(settings.home):
        _land(settings, size)
        with postgres.running(settings):
            server = settings.home / "postgres" / "data" / "postmaster.pid"
            here, there = spawn.Pipe()
            child = spawn.Process(target=_month, args=(settings, stages, there))
            child.start()
            there.close()
            meter = Meter(child.pid or 0, int(server.read_text("utf-8").split()[0]))
            meter.start()
            try:
                while True:
                    name = here.recv()
                    usage = meter.take()
                    if name == "start":  # imports, schema and areas of a new warehouse
                        continue
                    found[name] = asdict(usage)
                    print(
                        f"  {name}: {usage.seconds:.1f} s, processor {usage.cpu:.1f} s "
                        f"+ server {usage.server_cpu:.1f} s, {usage.peak / 1e6:.0f} MB",
                        flush=True,
                    )
            except EOFError:
                child.join()
            whole = meter.end()
            found["disk"] = {"bytes": _disk(settings.home)}
    if child.exitcode:
        raise SystemExit(f"the month failed with status {child.exitcode}")
    measured = [found[name] for name in STAGES if name in found]
    found["total"] = {
        key: sum(one[key] for one in measured)
        for key in ("seconds", "cpu", "server_cpu")
    } | {"peak": whole.peak}
    return found


def _disk(folder: Path) -> int:
    return sum(
        path.lstat().st_blocks * 512 for path in folder.rglob("*") if path.is_file()
    )


def exponent(small: float, large: float, factor: float) -> float:
    """How a figure grows when the input grows by ``factor``."""
    return math.log(large / small) / math.log(factor) if min(small, large) > 0 else 0.0


def show(results: Results) -> None:
    """Print what is known of every size, and the growth from each to the next."""
    sizes = sorted(results, key=float)
    for size in sizes:
        rows = int(EXTRACT_ROWS * float(size))
        listed = int(REGISTRY_ROWS * float(size))
        about = results[size]["about"]
        disk = results[size]["disk"]["bytes"]
        print(
            f"\n{size} x: {listed:,} registry and {rows:,} participation rows, "
            f"{about['engine']}, limit {about['memory']}, {about['threads']} threads, "
            f"load {about['load_before']:.1f} to {about['load_after']:.1f}, "
            f"{disk / 1e9:.1f} GB on disk"
        )
        print(f"  {'stage':<20}{'seconds':>9}{'cpu s':>9}{'server':>9}{'peak MB':>9}")
        for stage in (*STAGES, "total"):
            one = results[size].get(stage)
            if one:
                print(
                    f"  {stage:<20}{one['seconds']:>9.1f}{one['cpu']:>9.1f}"
                    f"{one['server_cpu']:>9.1f}{one['peak'] / 1e6:>9.0f}"
                )
    if len(sizes) > 1:
        print("\ngrowth exponent of seconds / processor seconds (1 is linear)")
        steps = [*pairwise(sizes), (sizes[0], sizes[-1])]
        print(f"  {'stage':<20}" + "".join(f"{f'{a} to {b}':>16}" for a, b in steps))
        for stage in (*STAGES, "total"):
            print(
                f"  {stage:<20}"
                + "".join(f"{_growth(results, stage, a, b):>16}" for a, b in steps)
            )


def _growth(results: Results, stage: str, small: str, large: str) -> str:
    one, two = results[small].get(stage), results[large].get(stage)
    if not one or not two:
        return "-"
    factor = float(large) / float(small)
    by_clock = exponent(one["seconds"], two["seconds"], factor)
    spent = exponent(
        one["cpu"] + one["server_cpu"], two["cpu"] + two["server_cpu"], factor
    )
    return f"{by_clock:.2f} / {spent:.2f}"


def main() -> None:
    """Entry point."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", type=float, nargs="+", default=[1, 3, 10, 30])
    options.add_argument("--engine", default="duckdb")
    options.add_argument("--memory")
    options.add_argument(
        "--stages",
        type=int,
        default=len(STAGES),
        help="4: without publish, 3: without the warehouse",
    )
    options.add_argument("--folder", type=Path, default=Path("build/bench-scale"))
    chosen = options.parse_args()
    folder = chosen.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"results-{chosen.engine}.json"
    results: Results = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    for size in chosen.sizes:
        print(f"{size:g} x", flush=True)
        memory = chosen.memory or ("1GB" if size <= 10 else "3GB")
        settings = _settings(
            folder / "home",
            {
                **os.environ,
                "CAKUPAN_ENGINE": chosen.engine,
                "CAKUPAN_MEMORY_LIMIT": memory,
            },
        )
        about: dict[str, Any] = {
            "engine": chosen.engine,
            "memory": memory,
            "threads": settings.threads,
            "load_before": os.getloadavg()[0],
        }
        found = measure(settings, size, chosen.stages)
        results[f"{size:g}"] = {
            **found,
            "about": about | {"load_after": os.getloadavg()[0]},
        }
        kept.write_text(json.dumps(results, indent=1), "utf-8")
    show(results)


if __name__ == "__main__":
    main()
