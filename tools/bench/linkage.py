"""``make bench-linkage``: precision, recall and bias of the matching engine.

Two made-up worlds with known truth, several seeds and levels of damage
(``bench.worlds``), then the monthly job itself (``bench.coverage``). The bias of the
coverage count is links minus persons who truly are in both files, as a share of the
latter: what a coverage count would be wrong by.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from bench.coverage import print_months
from bench.groups import print_groups
from bench.worlds import Harm, World, elsewhere, province
from cakupan.matching.engine import DEFAULT_THRESHOLD, link

LIGHT = Harm()
HEAVY = Harm(nik=0.2, name=0.35, birth_date=0.12, village=0.15, address=0.6)
CASES: tuple[tuple[str, Callable[..., World], Harm, bool], ...] = (
    ("province, 5 % of NIKs damaged", province, LIGHT, True),
    ("province, 20 % of NIKs, much else", province, HEAVY, True),
    ("province, no NIK", province, LIGHT, False),
    ("province, no NIK, much else", province, HEAVY, False),
    ("elsewhere, 5 % of numbers damaged", elsewhere, LIGHT, True),
    ("elsewhere, no number", elsewhere, LIGHT, False),
    ("elsewhere, no number, much else", elsewhere, HEAVY, False),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """How well one linkage did."""

    precision: float
    recall: float
    bias: float
    expected_precision: float
    seconds: float
    links: set[tuple[str, str]]

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def measure(
    left: pa.Table,
    right: pa.Table | None,
    truth: set[tuple[str, str]],
    threshold: float,
) -> Measure:
    """Link two files, or find the duplicates of one, and compare with the truth."""
    started = time.perf_counter()
    with duckdb.connect(config={"memory_limit": "1GB", "threads": "2"}) as connection:
        found = link(connection, left, right, threshold=threshold)
    seconds = time.perf_counter() - started
    left_ids = found.links.column("left_id").to_pylist()
    right_ids = found.links.column("right_id").to_pylist()
    links = set(zip(left_ids, right_ids, strict=True))
    hits = len(links & truth)
    return Measure(
        hits / max(1, len(links)),
        hits / len(truth),
        (len(links) - len(truth)) / len(truth),
        found.report.expected_precision or 0.0,
        seconds,
        links,
    )


def main() -> None:
    """Print one line per case and seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=60_000, help="of the right file")
    parser.add_argument("--linkable", type=int, default=20_000)
    parser.add_argument("--absent", type=int, default=8_000)
    parser.add_argument("--threshold", type=float, default=DEFAULT_THRESHOLD)
    parser.add_argument("--month-threshold", type=float, help="of the monthly job")
    parser.add_argument("--case", default="", help="only cases that contain this")
    parser.add_argument("--groups", action="store_true", help="also by sex, age, …")
    given = parser.parse_args()
    print(
        "| case | seed | precision | recall | F1 | bias % | expected precision "
        "| seconds |\n|---|---|---|---|---|---|---|---|"
    )
    for name, make, harm, has_nik in CASES:
        if given.case not in name:
            continue
        for seed in range(1, given.seeds + 1):
            world = make(
                seed, given.rows, given.linkable, given.absent, harm, nik=has_nik
            )
            done = measure(world.left, world.right, world.truth, given.threshold)
            print(
                f"| {name} | {seed} | {done.precision:.4f} | {done.recall:.4f} "
                f"| {done.f1:.4f} | {100 * done.bias:+.2f} "
                f"| {done.expected_precision:.4f} | {done.seconds:.0f} |",
                flush=True,
            )
            if given.groups:
                print_groups(name, world, done.links)
    print_months(
        given.seeds,
        given.rows,
        given.linkable,
        given.absent,
        given.case,
        given.month_threshold,
    )


if __name__ == "__main__":
    main()
