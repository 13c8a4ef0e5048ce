"""Area reference: which codes exist, what they are called, how they map to BPS.

Codes and names: ``include/reference/areas`` (Kemendagri list as given by
``idn-area-data`` 4.0.1, ODbL; aliases, retired codes and the BPS crosswalk with their
sources). Everything is read once per process; villages only when one is asked for.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from cakupan.core.area import AreaLevel
from cakupan.core.lake import quoted_path, run_sql
from cakupan.core.resources import include

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

VILLAGE_KINDS = ("desa", "desa_adat", "kelurahan")
DESA_KINDS = ("desa", "desa_adat")
FIRST_CITY = 71
_KIND_OF_DIGIT = {"1": "kelurahan", "2": "desa", "3": "desa_adat"}
_VILLAGE_CODE = 13

# Twins of the macros in include/sql/02_staging/macros_area.sql.
_OFFICE = "^pem(erintah )?(kab|kot|prov|prop)"
_KIND_WORDS: Mapping[AreaLevel, str] = {
    "province": "^pro[vp](insi)? ",
    "regency": "^(kab(upaten)?|kot(a|amadya)?|kodya)( adm(inistrasi)?)? ",
    "district": "^(kecamatan|kec|distrik|distr|dist) ",
    "village": "^((kelurahan|kel|desa adat|desa|ds) )+",
}
_AREA_FILES = {
    "area_rows": ("areas.csv", "villages.csv.gz"),
    "alias_rows": ("aliases.csv",),
    "bps_rows": ("bps_crosswalk.csv",),
    "retired_rows": ("retired.csv",),
}
_AREA_TABLES = ("areas", "area_names", "nik_prefixes", "bps_regencies", "retired_areas")
_LONG_FORMS = (
    (" sei ", " sungai "),
    (" sungei ", " sungai "),
    (" tj ", " tanjung "),
    (" tjg ", " tanjung "),
    (" gn ", " gunung "),
)


@dataclass(frozen=True, slots=True)
class RetiredArea:
    """A code that is no longer given out but lives on in NIKs and old files.

    Attributes:
        code: dotted Kemendagri code of a regency or district.
        name: its name where known, else ``""``.
        successor_code: the area it went to where known, else ``None``.
        valid_to_year: last year it was in use where known.
        certainty: V verified, D derived, U not verified.
    """

    code: str
    name: str
    successor_code: str | None
    valid_to_year: int | None
    certainty: str


def _rows(name: str) -> Iterable[dict[str, str]]:
    text = include("reference", "areas", name).read_text("utf-8")
    return csv.DictReader(text.splitlines())


@cache
def _upper() -> dict[str, str]:
    return {row["area_code"]: row["name"] for row in _rows("areas.csv")}


@cache
def _villages() -> dict[str, str]:
    data = gzip.decompress(
        include("reference", "areas", "villages.csv.gz").read_bytes()
    )
    lines = csv.reader(data.decode().splitlines())
    next(lines)
    return {row[0]: row[2] for row in lines}


@cache
def _children() -> dict[str, tuple[str, ...]]:
    below: defaultdict[str, list[str]] = defaultdict(list)
    for code in _upper():
        below[code.rpartition(".")[0]].append(code)
    return {parent: tuple(sorted(codes)) for parent, codes in below.items()}


@cache
def _village_children() -> dict[str, tuple[str, ...]]:
    below: defaultdict[str, list[str]] = defaultdict(list)
    for code in _villages():
        below[code[:8]].append(code)
    return {parent: tuple(sorted(codes)) for parent, codes in below.items()}


@cache
def _village_counts() -> Counter[tuple[str, str]]:
    by_district = Counter((code[:8], code[9]) for code in _villages())
    counts: Counter[tuple[str, str]] = Counter()
    for (district, digit), number in by_district.items():
        for length in (2, 5, 8):
            counts[district[:length], _KIND_OF_DIGIT[digit]] += number
    return counts


@cache
def _retired() -> dict[str, RetiredArea]:
    return {
        row["area_code"]: RetiredArea(
            code=row["area_code"],
            name=row["name"],
            successor_code=row["successor_code"] or None,
            valid_to_year=int(row["valid_to_year"]) if row["valid_to_year"] else None,
            certainty=row["certainty"],
        )
        for row in _rows("retired.csv")
    }


@cache
def _bps() -> tuple[dict[str, str], dict[str, str]]:
    """BPS code -> area, and area -> BPS code in use today."""
    rows = list(_rows("bps_crosswalk.csv"))
    return (
        {row["bps_code"]: row["area_code"] for row in rows},
        {
            row["area_code"]: row["bps_code"]
            for row in rows
            if row["is_current"] == "ya"
        },
    )


def is_known(code: str) -> bool:
    """Whether a dotted code of any level is in use today."""
    return code in (_villages() if len(code) == _VILLAGE_CODE else _upper())


def name_of(code: str) -> str | None:
    """Official name, e.g. ``Kabupaten Kutai Kartanegara``; ``None`` if not in use."""
    return (_villages() if len(code) == _VILLAGE_CODE else _upper()).get(code)


def children(code: str) -> tuple[str, ...]:
    """Codes one level below, in order; ``""`` gives the provinces."""
    if code.count(".") == 2:
        return _village_children().get(code, ())
    return _children().get(code, ())


def regencies(province: str) -> tuple[str, ...]:
    """Codes of the kabupaten and kota of a province, in order."""
    return children(province)


def village_kind(village_code: str) -> str | None:
    """``kelurahan``, ``desa`` or ``desa_adat``: the first digit of the last part."""
    return _KIND_OF_DIGIT.get(village_code[9:10])


def village_count(area_code: str, kinds: Iterable[str] = VILLAGE_KINDS) -> int:
    """Number of villages of those kinds in a province, regency or district."""
    counts = _village_counts()
    return sum(counts[area_code, kind] for kind in set(kinds))


def has_desa(area_code: str) -> bool:
    """Whether an area has at least one desa (kampung), so village apparatus exists."""
    return village_count(area_code, DESA_KINDS) > 0


def regency_from_bps(code: str) -> str | None:
    """Regency of a four-digit BPS code; ``None`` when the crosswalk lacks it.

    Only provinces 62, 64, 65 and 93 are in the crosswalk. For 93 the codes are those
    of 2020-2022: the ones in use since are not verified.
    """
    return _bps()[0].get(code)


def bps_from_regency(code: str) -> str | None:
    """Four-digit BPS code in use today; ``None`` when not known or not verified."""
    return _bps()[1].get(code)


def is_retired(code: str) -> bool:
    """Whether a regency or district code was in use once and is not any more."""
    return not is_known(code) and (code in _retired() or code[:5] in _retired())


def retired() -> tuple[RetiredArea, ...]:
    """All retired codes, in order."""
    return tuple(_retired()[code] for code in sorted(_retired()))


def successor_of(code: str) -> str | None:
    """Area that a retired code (or the regency it lies in) went to, where known."""
    found = _retired().get(code) or _retired().get(code[:5])
    return found.successor_code if found else None


@cache
def _nik_prefixes() -> frozenset[str]:
    codes = [code for code in (*_upper(), *_retired()) if code.count(".") == 2]
    return frozenset(code.replace(".", "") for code in codes)


@cache
def _nik_regencies() -> frozenset[str]:
    codes = [code for code in _retired() if code.count(".") == 1]
    return frozenset(code.replace(".", "") for code in codes)


def nik_prefix_known(six_digits: str) -> bool:
    """Whether a NIK can start so: ``PPKKCC`` of a district in use or retired.

    A NIK keeps the code of the first registration for life, so districts and regencies
    that were split off count (domain rule: Kaltara's 6404.., Mahakam Ulu's 640701..04,
    South Papua's 9101..). A retired regency takes any district number.
    """
    return six_digits in _nik_prefixes() or (
        re.fullmatch("[0-9]{6}", six_digits) is not None
        and six_digits[4:] != "00"
        and six_digits[:4] in _nik_regencies()
    )


def name_key(text: str, level: AreaLevel) -> str:
    """The form in which spellings of one name are equal: letters and digits only.

    The twin of the SQL macro ``area_name_key``; see there for the rule.
    """
    key = re.sub("[^a-z0-9]+", " ", text.lower()).strip(" ")
    if level in {"province", "regency"}:
        key = re.sub(_OFFICE, r"\2", key)
    key = re.sub(_KIND_WORDS[level], "", key)
    if level == "village":
        key = re.sub("^(kpg|kmp|kp) ", "kampung ", key)
    if level in {"district", "village"}:
        key = f" {key} "
        for short, long in _LONG_FORMS:
            key = key.replace(short, long)
    return key.replace(" ", "")


@cache
def _regency_keys() -> dict[tuple[str, str], tuple[str, ...]]:
    keys: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    aliases = ((row["area_code"], row["alias"]) for row in _rows("aliases.csv"))
    for code, name in (*_upper().items(), *aliases):
        if code.count(".") == 1:
            keys[code[:2], name_key(name, "regency")].add(code)
    return {key: tuple(sorted(codes)) for key, codes in keys.items()}


def find_regency(name: str, province: str) -> str | None:
    """Regency of a province by any of its names; ``None`` if none or more than one.

    Where a kabupaten and a kota share a name, the word in front decides.
    """
    found = _regency_keys().get((province, name_key(name, "regency")), ())
    if len(found) > 1:
        said = re.match(r"\W*(?:pemerintah\W+)?(pem)?(kab|kot|kod)", name.lower())
        if said:
            wants_city = said[2] != "kab"
            found = tuple(
                code for code in found if (int(code[3:]) >= FIRST_CITY) == wants_city
            )
    return found[0] if len(found) == 1 else None


def register(
    connection: duckdb.DuckDBPyConnection, provinces: Sequence[str] | None = None
) -> None:
    """Create the area tables and the macro ``area_name_key`` in a DuckDB session.

    Tables (grain): ``areas`` (area_code), ``area_names`` (area_code, name_key),
    ``nik_prefixes`` (prefix: six digits, or four for a retired regency that takes any
    district), ``bps_regencies`` (bps_code), ``retired_areas`` (area_code). See
    ``include/sql/02_staging/areas/load.sql``.

    Args:
        connection: session of :func:`cakupan.core.lake.session`.
        provinces: two-digit codes to which ``areas`` and ``area_names`` are limited
            (three times faster); ``None`` for the whole country.
    """
    run_sql(connection, "02_staging", "macros_area.sql")
    wanted = None if provinces is None else tuple(sorted(provinces))
    for table, rows in _area_tables(wanted).items():
        connection.register(f"{table}_known", rows)
        connection.execute(
            f"create or replace temp table {table} as from {table}_known"
        )
        connection.unregister(f"{table}_known")


@cache
def _area_tables(provinces: tuple[str, ...] | None) -> dict[str, pa.Table]:
    """What :func:`register` creates; read once per process, as files come by dozens."""
    import duckdb  # noqa: PLC0415 - most who need a code need no session

    with duckdb.connect(":memory:") as connection:
        run_sql(connection, "02_staging", "macros_area.sql")
        folder = include("reference", "areas")
        for table, files in _AREA_FILES.items():
            paths = ", ".join(quoted_path(folder / file) for file in files)
            connection.execute(
                f"create or replace temp view {table} as from read_csv([{paths}], "
                "header = true, all_varchar = true, delim = ',', quote = '\"')"
            )
        run_sql(
            connection,
            "02_staging",
            "areas",
            "load.sql",
            parameters={"provinces": provinces and list(provinces)},
        )
        return {
            table: connection.table(table).to_arrow_table() for table in _AREA_TABLES
        }
