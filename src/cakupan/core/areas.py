"""Areas: which codes there are, what they are called, how they map to BPS.

Where a day can be given, the areas are those in force then (``area_history``); without
one they are those of the shipped list (``area_reference``).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from cakupan.core import area_history, area_reference
from cakupan.core.area import AreaCode, AreaLevel
from cakupan.core.area_history import AreaList, in_force
from cakupan.core.lake import quoted_path, run_sql

if TYPE_CHECKING:
    import pyarrow as pa

    from cakupan.core.engine import Session

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
}
_AREA_TABLES = (
    "areas",
    "area_names",
    "nik_prefixes",
    "bps_regencies",
    "areas_not_in_force",
)
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
        valid_to: its last day where known.
        certainty: V verified, D derived, U to confirm.
    """

    code: str
    name: str
    successor_code: str | None
    valid_to: dt.date | None
    certainty: str


@cache
def _village_counts() -> Counter[tuple[str, str]]:
    by_district = Counter((code[:8], code[9]) for code in area_reference.villages())
    counts: Counter[tuple[str, str]] = Counter()
    for (district, digit), number in by_district.items():
        for length in (2, 5, 8):
            counts[district[:length], _KIND_OF_DIGIT[digit]] += number
    return counts


def is_known(code: str, on: dt.date | None = None) -> bool:
    """Whether a dotted code of any level is in force."""
    areas = in_force(on)
    return code in (areas.villages if len(code) == _VILLAGE_CODE else areas.upper)


def name_of(code: str, on: dt.date | None = None) -> str | None:
    """Official name, e.g. ``Kabupaten Kutai Kartanegara``.

    A code that is not in force (any more) has the name it had; ``None`` when no list
    has the code.
    """
    areas = in_force(on)
    listed = areas.villages if len(code) == _VILLAGE_CODE else areas.upper
    found = listed.get(code) or area_history.name_beyond(code)
    return found or (name_of(code) if on is not None else None)


def children(code: str, on: dt.date | None = None) -> tuple[str, ...]:
    """Codes one level below, in order; ``""`` gives the provinces."""
    if code.count(".") == 2:
        return in_force(on).village_children.get(code, ())
    return in_force(on).children.get(code, ())


def regencies(province: str, on: dt.date | None = None) -> tuple[str, ...]:
    """Codes of the kabupaten and kota of a province, in order."""
    return children(province, on)


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
    return area_reference.bps()[0].get(code)


def bps_from_regency(code: str) -> str | None:
    """Four-digit BPS code in use today; ``None`` when not known or not verified."""
    return area_reference.bps()[1].get(code)


def is_retired(code: str) -> bool:
    """Whether a regency or district code was in use once and is not any more."""
    gone = area_reference.retired()
    return not is_known(code) and (code in gone or code[:5] in gone)


def retired() -> tuple[RetiredArea, ...]:
    """All retired codes, in order."""
    return tuple(
        RetiredArea(
            code=code,
            name=row.name,
            successor_code=successor_of(code),
            valid_to=area_history.validity_of(code).valid_to,
            certainty=row.certainty,
        )
        for code, row in sorted(area_reference.retired().items())
    )


def successor_of(code: str) -> str | None:
    """Area that a retired code (or the regency it lies in) went to, where known."""
    found = area_history.links_of(code)
    return found[0].successor_code if found else None


@cache
def _nik_prefixes() -> frozenset[str]:
    codes = {code for code, _ in area_history.upper_codes()} | {
        *area_reference.retired()
    }
    return frozenset(code.replace(".", "") for code in codes if code.count(".") == 2)


@cache
def _nik_regencies() -> frozenset[str]:
    codes = [code for code in area_reference.retired() if code.count(".") == 1]
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
    aliases = (
        (row["area_code"], row["alias"]) for row in area_reference.rows("aliases.csv")
    )
    for code, name in (*area_reference.upper().items(), *aliases):
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


def _table(names: Mapping[str, str]) -> pa.Table:
    """Areas as ``areas.csv`` and ``villages.csv.gz`` hold them."""
    import pyarrow as pa  # noqa: PLC0415 - most who need a code need no table

    codes = [AreaCode(code) for code in names]
    return pa.table(
        {
            "area_code": list(names),
            "area_level": [area.level for area in codes],
            "name": list(names.values()),
            "parent_code": pa.array(
                [code.rpartition(".")[0] or None for code in names], pa.string()
            ),
            "village_kind": pa.array(
                [
                    village_kind(code) if len(code) == _VILLAGE_CODE else None
                    for code in names
                ],
                pa.string(),
            ),
        }
    )


def listing_of_all_times() -> pa.Table:
    """Every area there is, was or will be.

    Columns: ``area_code``, ``area_level``, ``name``, ``parent_code``, ``village_kind``,
    ``bps_code``, ``valid_from`` and ``valid_to``.
    """
    import pyarrow as pa  # noqa: PLC0415 - most who need a code need no table

    names = dict(area_history.known_codes())
    spans = [area_history.validity_of(code) for code in names]
    columns = {
        "bps_code": pa.array([bps_from_regency(code) for code in names], pa.string()),
        "valid_from": pa.array([span.valid_from for span in spans], pa.date32()),
        "valid_to": pa.array([span.valid_to for span in spans], pa.date32()),
    }
    table = _table(names)
    for name, values in columns.items():
        table = table.append_column(name, values)
    return table


def _not_in_force(listed: AreaList) -> pa.Table:
    """Codes above the villages that were or will be in force, or are retired.

    Columns: ``area_code``, ``area_level``, ``successor_code`` (of an area that has
    ended, where known).
    """
    import pyarrow as pa  # noqa: PLC0415 - most who need a code need no table

    now = listed.upper
    codes = sorted(
        {
            code
            for code in (
                *(code for code, _ in area_history.upper_codes()),
                *area_reference.retired(),
            )
            if code not in now
        }
    )
    return pa.table(
        {
            "area_code": pa.array(codes, pa.string()),
            "area_level": pa.array([AreaCode(c).level for c in codes], pa.string()),
            "successor_code": pa.array(
                [successor_of(c) if listed.is_past(c) else None for c in codes],
                pa.string(),
            ),
        }
    )


def why_not_in_force(code: str, on: dt.date) -> tuple[str, str] | None:
    """Code of the finding that says why an area is not in force, and its detail.

    ``None`` when no list ever had the area. The detail names the codes to use instead
    and the day of the change (``91.01: sejak 2022-07-25 menjadi 93.01``).
    """
    span = area_history.validity_of(code)
    if span.valid_from is not None and on < span.valid_from:
        before = ", ".join(
            sorted(
                {
                    link.predecessor_code
                    for link in area_reference.links()
                    if link.successor_code == code
                    and len(link.predecessor_code) == len(code)
                }
            )
        )
        origin = f"; sebelumnya {before}" if before else ""
        return "AREA_NOT_YET", f"{code}: ada sejak {span.valid_from}{origin}"
    found = area_history.links_of(code)
    if found:
        after = ", ".join(sorted({link.successor_code for link in found}))
        return "AREA_RETIRED", f"{code}: sejak {found[0].valid_from} menjadi {after}"
    if code in area_reference.retired():
        return "AREA_RETIRED", f"{code}: penggantinya belum diketahui"
    return None


def register(
    connection: Session,
    provinces: Sequence[str] | None = None,
    on: dt.date | None = None,
) -> None:
    """Create the area tables and the macro ``area_name_key`` in a DuckDB session.

    Tables (grain): ``areas`` (area_code), ``area_names`` (area_code, name_key),
    ``nik_prefixes`` (prefix: six digits, or four for a retired regency that takes any
    district), ``bps_regencies`` (bps_code), ``areas_not_in_force`` (area_code). See
    ``include/sql/02_staging/areas/load.sql``.

    Args:
        connection: session of :func:`cakupan.core.lake.session`.
        provinces: two-digit codes to which ``areas`` and ``area_names`` are limited
            (three times faster); ``None`` for the whole country.
        on: day whose areas are wanted; ``None`` for the shipped list.
    """
    run_sql(connection, "02_staging", "macros_area.sql")
    wanted = None if provinces is None else tuple(sorted(provinces))
    for table, rows in _area_tables(in_force(on), wanted).items():
        connection.register(f"{table}_known", rows)
        connection.execute(
            f"create or replace temp table {table} as from {table}_known"
        )
        connection.unregister(f"{table}_known")


@lru_cache(maxsize=16)
def _area_tables(
    listed: AreaList, provinces: tuple[str, ...] | None
) -> dict[str, pa.Table]:
    """What :func:`register` creates; kept, as files come by dozens."""
    import duckdb  # noqa: PLC0415 - most who need a code need no session

    with duckdb.connect(":memory:") as connection:
        run_sql(connection, "02_staging", "macros_area.sql")
        folder = area_reference.folder()
        for table, files in _AREA_FILES.items():
            paths = ", ".join(quoted_path(folder / file) for file in files)
            connection.execute(
                f"create or replace temp view {table} as from read_csv([{paths}], "
                "header = true, all_varchar = true, delim = ',', quote = '\"')"
            )
        if not listed.is_shipped:
            connection.register("rows_listed", _table(listed.names))
            connection.execute(
                "create or replace temp view area_rows as from rows_listed"
            )
        connection.register("rows_not_in_force", _not_in_force(listed))
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
