"""The pages behind Airflow's login with three years of data: 95th percentiles.

``make bench-pages`` fills a home of its own with 36 released months, starts Airflow and
asks every page ``--times`` times, then uploads a file of ``--rows`` rows as CSV and as
XLSX. What it prints is what a browser waits for, without its own drawing.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from bench.data import PROVINCE, write_registry
from bench.three_years import MONTHS, fill, rows
from cakupan.core.settings import load_settings, take_over
from cakupan.local import airflow, airflow_config

REGENCY = "64.02"
LIMIT_MS, LIMIT_S = 300, 5

PATHS = (
    "",
    "?segment=BPU",
    f"?area={REGENCY}",
    f"?area={REGENCY}.01",
    "cakupan.csv",
    f"asal?area={REGENCY}&segment=BPU",
    "pelaporan?month={month}",
    "temuan?month={month}",
    "tinjauan?month={month}",
    "pelepasan",
    "unggah",
    f"kiriman/pekerja_rentan-{REGENCY}-{{month}}-001",
)


def _milliseconds(ask: Callable[[], httpx.Response]) -> float:
    begun = time.perf_counter()
    answer = ask()
    spent = (time.perf_counter() - begun) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{answer.url}: {answer.status_code}")
    return spent


def _pages(browser: httpx.Client, month: str, times: int) -> None:
    print(f"\n{'page':<44}{'p50 ms':>8}{'p95 ms':>8}{'max ms':>8}")
    for path in PATHS:
        address = path.format(month=month)
        _milliseconds(lambda at=address: browser.get(at))  # type: ignore[misc]
        spent = [
            _milliseconds(lambda at=address: browser.get(at))  # type: ignore[misc]
            for _ in range(times)
        ]
        p95 = statistics.quantiles(spent, n=20, method="inclusive")[18]
        mark = "" if p95 < LIMIT_MS else f"  above {LIMIT_MS}"
        print(
            f"{address or '/':<44}{statistics.median(spent):>8.0f}{p95:>8.0f}"
            f"{max(spent):>8.0f}{mark}"
        )


def _checks(browser: httpx.Client, files: list[Path]) -> None:
    print(f"\n{'check of a file':<44}{'s':>8}")
    for path in files:
        data = path.read_bytes()
        for turn in ("first", "second", "third"):
            spent = _milliseconds(
                lambda at=path, body=data: browser.post(  # type: ignore[misc]
                    "unggah", files={"berkas": (at.name, body)}, follow_redirects=True
                )
            )
            mark = "" if spent < LIMIT_S * 1000 else f"  above {LIMIT_S}"
            name = f"{path.suffix[1:]}, {len(data) >> 20} MB, {turn}"
            print(f"{name:<44}{spent / 1000:>8.1f}{mark}")


def main() -> None:
    """Entry point."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--times", type=int, default=40)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--folder", type=Path, default=Path("build/bench/pages"))
    chosen = options.parse_args()
    folder = chosen.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    take_over({"CAKUPAN_HOME": str(folder / "home"), "CAKUPAN_PROVINCES": PROVINCE})
    settings = load_settings()
    print(f"filling {MONTHS} months")
    month = str(fill(settings, PROVINCE))
    print(f"{rows(settings):,} published rows")
    files = write_registry(folder, REGENCY, chosen.rows)
    address = airflow.up(settings)
    try:
        body = {
            "username": airflow_config.USER,
            "password": airflow_config.passwords(settings)[airflow_config.USER],
        }
        token = httpx.post(f"{address.url}/auth/token", json=body, timeout=60)
        with httpx.Client(
            base_url=f"{address.url}/cakupan/",
            cookies={"_token": token.raise_for_status().json()["access_token"]},
            headers={"Sec-Fetch-Site": "same-origin"},
            timeout=600,
        ) as browser:
            _pages(browser, month, chosen.times)
            time.sleep(20)  # somebody chooses a file: the checking process has started
            _checks(browser, files)
    finally:
        airflow.down(settings)


if __name__ == "__main__":
    main()
