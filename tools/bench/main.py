"""A full province month: seconds and peak memory per stage, beside plain pandas.

``make bench`` runs 500,000 registry rows in ten files (half CSV, half XLSX) and
2,000,000 participation rows. ``--rows`` and ``--extract`` make it smaller,
``--no-baseline`` leaves plain pandas out, ``--money`` runs the month a second time with
budgets, pledges, policies, payments, claims and Dukcapil matches added.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from bench import money
from bench.data import MONTH, PROVINCE, write
from bench.memory import Sampler
from cakupan.core.month import CoverageMonth
from cakupan.core.settings import Settings, load_settings
from cakupan.local import postgres

Timing = tuple[str, float, int]

_BASELINE = "plain pandas, the same files"


def _settings(home: Path) -> Settings:
    return load_settings({"CAKUPAN_HOME": str(home), "CAKUPAN_PROVINCES": PROVINCE})


def _month(home: Path, files: tuple[Path, ...], tell: Connection) -> None:
    """The job as `cakupan run` does it; says when each stage begins and ends."""
    # the functions are imported when their stage begins, as in a task of Airflow
    from cakupan.landing.naming import slot_for
    from cakupan.landing.submit import submit_file
    from cakupan.runs import ingest, months, workers
    from cakupan.runs.context import open_context

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        tell.send((name, time.perf_counter() - begun))

    settings = _settings(home)
    month = CoverageMonth.parse(MONTH)
    with open_context(settings) as context:
        with stage("landing"):
            for path in files:
                slot = slot_for(path, provinces=settings.provinces)
                submit_file(context.store, path, slot)
            ingest.scan_landing(context)
        with stage("staging + quality"):
            batches = ingest.pending_batches(context)
            for _, (_, failures) in workers.process_all(context, batches, print):
                if failures:
                    raise failures[0]
        with stage("reconcile + warehouse"):
            months.reconcile(context, PROVINCE, month)
        with stage("publish"):
            months.publish(context, PROVINCE, month)


def _ours(home: Path, files: tuple[Path, ...]) -> list[Timing]:
    """The month on an empty warehouse of its own, a stage a line."""
    shutil.rmtree(home, ignore_errors=True)
    with postgres.running(_settings(home)):
        timings = _watched(home, files)
    shutil.rmtree(home, ignore_errors=True)
    return timings


def _watched(home: Path, files: tuple[Path, ...]) -> list[Timing]:
    here, there = multiprocessing.Pipe()
    spawn = multiprocessing.get_context("spawn")
    child = spawn.Process(target=_month, args=(home, files, there))
    begun = time.perf_counter()
    child.start()
    there.close()
    sampler = Sampler(child.pid or 0)
    sampler.start()
    timings: list[Timing] = []
    try:
        while True:
            name, seconds = here.recv()
            timings.append((name, seconds, sampler.take()))
            print(f"  {name}: {seconds:.1f} s", flush=True)
    except EOFError:
        child.join()
    sampler.end()
    if child.exitcode:
        raise SystemExit(f"the month failed with status {child.exitcode}")
    return [*timings, ("total", time.perf_counter() - begun, sampler.peak)]


def _baseline(folder: Path, url: str) -> list[Timing]:
    script = Path(__file__).parent / "baseline.py"
    begun = time.perf_counter()
    child = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, str(script), str(folder), url],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "GX_ANALYTICS_ENABLED": "false"},
    )
    sampler = Sampler(child.pid)
    sampler.start()
    timings: list[Timing] = []
    for line in child.stdout or ():
        name, seconds = line.split("\t")
        timings.append((name, float(seconds), sampler.take()))
        print(f"  {name}: {float(seconds):.1f} s", flush=True)
    status = child.wait()
    sampler.end()
    if status:
        raise SystemExit(f"plain pandas failed with status {status}")
    return [*timings, ("total", time.perf_counter() - begun, sampler.peak)]


def _show(title: str, timings: list[Timing]) -> None:
    print(f"\n{title}")
    print(f"  {'stage':<24}{'seconds':>10}{'peak MB':>10}")
    for name, seconds, peak in timings:
        print(f"  {name:<24}{seconds:>10.1f}{peak / 1e6:>10.0f}")


def main() -> None:
    """Entry point."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=500_000)
    options.add_argument("--extract", type=int, default=2_000_000)
    options.add_argument("--no-baseline", action="store_true")
    options.add_argument("--money", action="store_true")
    options.add_argument("--folder", type=Path, default=Path("build/bench"))
    chosen = options.parse_args()
    print(f"writing {chosen.rows:,} registry and {chosen.extract:,} extract rows")
    folder = chosen.folder.resolve()
    data = write(folder, chosen.rows, chosen.extract)
    home = folder / "home"
    files = (*(path for _, path in data.registries), data.extract)
    size = f"{chosen.rows:,} + {chosen.extract:,} rows"
    print("Cakupan")
    ours = _ours(home, files)
    shown = [(f"Cakupan, {size}", ours)]
    if chosen.money:
        more = money.write(data)
        print("Cakupan, money datasets added")
        shown.append((f"{size} and money", _ours(home, (*files, *more))))
    if not chosen.no_baseline:
        print("plain pandas")
        settings = _settings(home)
        with postgres.running(settings):
            url = postgres.role_url(settings, "postgres", "postgres")
            shown.append((_BASELINE, _baseline(data.extract.parent, url)))
        shutil.rmtree(home, ignore_errors=True)
    for title, timings in shown:
        _show(title, timings)
    for title, timings in shown[1:]:
        print(f"\n  {title} / Cakupan: {timings[-1][1] / ours[-1][1]:.1f} times")


if __name__ == "__main__":
    main()
