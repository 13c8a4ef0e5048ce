"""Rebuild ``include/reference/areas`` from unpacked ``idn-area-data`` packages.

Usage::

    npm pack idn-area-data@4.0.1 && tar xzf idn-area-data-4.0.1.tgz   # -> package/
    python tools/update_areas.py CURRENT_PACKAGE [OLDER_PACKAGE …]

``CURRENT_PACKAGE`` gives codes and names. An older package only adds the spellings it
used for areas that still exist, as aliases. Rows of ``aliases.csv`` and ``retired.csv``
that are kept by hand stay; generated ones (their ``source`` starts with
``idn-area-data``) are replaced. The same packages give the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "include" / "reference" / "areas"
LEVELS = (
    ("provinces", "province"),
    ("regencies", "regency"),
    ("districts", "district"),
    ("villages", "village"),
)
VILLAGE_KINDS = {"1": "kelurahan", "2": "desa", "3": "desa_adat"}
FIRST_CITY = 71
AREA_HEADER = ("area_code", "area_level", "name", "parent_code", "village_kind")
ALIAS_HEADER = ("area_code", "alias", "certainty", "source")
RETIRED_HEADER = ("area_code", "area_level", "name", "certainty", "source")


def read_names(package: Path) -> dict[str, str]:
    """Code -> name of every area in a package, names in readable case."""
    names: dict[str, str] = {}
    for file, _ in LEVELS:
        path = package / "data" / f"{file}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                names[row["code"]] = readable(row["name"])
    return names


def readable(name: str) -> str:
    """One kind of apostrophe, single spaces, no shouting."""
    text = " ".join(re.sub('["’`]', "'", name).split())
    return text.title() if text.isupper() and len(text) > 5 else text


def squashed(name: str) -> str:
    """Letters and digits only: what two spellings must differ in to be two."""
    return re.sub("[^a-z0-9]", "", name.lower())


def area_rows(names: dict[str, str]) -> Iterator[tuple[str, ...]]:
    """Rows of ``areas.csv`` and ``villages.csv.gz`` in code order."""
    for code in sorted(names):
        level = LEVELS[code.count(".")][1]
        kind = VILLAGE_KINDS[code[9]] if level == "village" else ""
        yield code, level, names[code], code.rpartition(".")[0], kind


def spelling_aliases(
    names: dict[str, str], older: dict[str, str], source: str
) -> Iterator[tuple[str, ...]]:
    """Names an older package gave to areas that still exist, where they differ."""
    for code in sorted(names.keys() & older.keys()):
        if squashed(names[code]) != squashed(older[code]):
            yield code, older[code], "V", source


def numbering_holes(names: dict[str, str], source: str) -> Iterator[tuple[str, ...]]:
    """Codes missing below the highest of their siblings: given away by a split.

    Regencies count from 01 and cities from 71, districts from 01. NIKs keep such codes
    for life, so they must stay readable.
    """
    siblings: defaultdict[tuple[str, bool], set[int]] = defaultdict(set)
    for code in names:
        if code.count(".") in {1, 2}:
            parent, _, last = code.rpartition(".")
            is_city = code.count(".") == 1 and int(last) >= FIRST_CITY
            siblings[parent, is_city].add(int(last))
    for (parent, is_city), numbers in sorted(siblings.items()):
        level = "district" if "." in parent else "regency"
        for number in range(FIRST_CITY if is_city else 1, max(numbers)):
            if number not in numbers:
                yield f"{parent}.{number:02d}", level, "", "D", source


def kept_rows(path: Path, generated_source: str) -> list[tuple[str, ...]]:
    """Rows of a reference file that are kept by hand."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            tuple(row.values())
            for row in csv.DictReader(lines)
            if not row["source"].startswith(generated_source)
        ]


def csv_text(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Rows as CSV with Unix line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def main(packages: list[Path]) -> None:
    """Write the four generated files."""
    current, *older = packages
    names = read_names(current)
    rows = list(area_rows(names))
    upper = [row for row in rows if row[1] != "village"]
    villages = [row for row in rows if row[1] == "village"]
    (TARGET / "areas.csv").write_text(csv_text(AREA_HEADER, upper), "utf-8")
    packed = gzip.compress(csv_text(AREA_HEADER, villages).encode(), 9, mtime=0)
    (TARGET / "villages.csv.gz").write_bytes(packed)

    aliases = kept_rows(TARGET / "aliases.csv", "idn-area-data")
    for package in older:
        aliases += spelling_aliases(names, read_names(package), label(package))
    text = csv_text(ALIAS_HEADER, sorted(set(aliases)))
    (TARGET / "aliases.csv").write_text(text, "utf-8")

    retired = kept_rows(TARGET / "retired.csv", "idn-area-data")
    known = {row[0] for row in retired}
    hole = f"{label(current)}: hole in the numbering"
    retired += [row for row in numbering_holes(names, hole) if row[0] not in known]
    text = csv_text(RETIRED_HEADER, sorted(retired))
    (TARGET / "retired.csv").write_text(text, "utf-8")
    print(f"{len(upper)} areas, {len(villages)} villages, {len(packed):,} bytes packed")


def label(package: Path) -> str:
    """Name and version of a package."""
    meta = json.loads((package / "package.json").read_text("utf-8"))
    return f"{meta['name']} {meta['version']}"


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
