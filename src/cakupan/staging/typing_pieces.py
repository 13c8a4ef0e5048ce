"""What one column adds to the SQL that types rows, by its contract type.

Only names of the contract, which are ours, enter the text; the rules themselves are
the macros and readings of ``include/sql/02_staging``.
"""

from __future__ import annotations

from dataclasses import dataclass

from cakupan.core.contracts import Contract, ContractColumn

BIRTH_DATE = "tanggal_lahir"
#: Types read by their spellings, with the table of spellings of each.
SPELLED = {
    "date_cells": frozenset({"date"}),
    "month_cells": frozenset({"month"}),
    "amount_cells": frozenset({"rupiah", "count", "decimal"}),
    "listed_cells": frozenset({"enum", "sex", "scheme"}),
}
#: Type -> readings of its spellings, the value in them, and what it is cast to.
_READINGS = {
    "date": ("date_readings", "day", ""),
    "month": ("month_readings", "month_start", ""),
    "rupiah": ("amount_readings", "amount", "::decimal(18, 2)"),
    "count": ("amount_readings", "amount", "::bigint"),
    "decimal": ("amount_readings", "amount", "::decimal(18, 4)"),
    "enum": ("listed_readings", "value", ""),
    "sex": ("listed_readings", "value", ""),
    "scheme": ("listed_readings", "value", ""),
}
_NIK_PREFIXES = """
left join nik_prefixes as district_prefixes
    on left(cells_cleaned.nik__bare, 6) = district_prefixes.prefix
left join nik_prefixes as regency_prefixes
    on left(cells_cleaned.nik__bare, 4) = regency_prefixes.prefix"""
_NIK_DEFECT = """coalesce(
    nik_defect(
        cells_cleaned.nik__sent,
        cells_cleaned.nik__kind,
        cells_cleaned.nik__bare,
        district_prefixes.prefix is not null
        or (
            regency_prefixes.prefix is not null
            and substr(cells_cleaned.nik__bare, 5, 2) <> '00'
        )
    ),
    if(cells_cleaned.nik__bare = cells_cleaned.family_card__bare, 'NIK_IS_NKK', null)
) as nik__defect"""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one column adds to each step. Text of SQL, without trailing commas.

    Attributes:
        cleaned: select items over ``raw_rows`` and the readings.
        joins: readings joined to ``raw_rows``.
        found: select items over ``cells_cleaned``.
        found_joins: tables joined to ``cells_cleaned``.
        value: the typed value.
        defect: code of its defect or NULL.
        extra: select items of derived columns after it.
    """

    cleaned: tuple[str, ...]
    value: str
    defect: str
    joins: str = ""
    found: tuple[str, ...] = ()
    found_joins: str = ""
    extra: tuple[str, ...] = ()


def has_villages_by_name(contract: Contract) -> bool:
    """Whether villages may be named by village and district instead of by code."""
    return {"desa", "kecamatan"} <= {
        column.name for column in contract.columns
    } and any(column.type == "village_code" for column in contract.columns)


def piece_of(column: ContractColumn, contract: Contract) -> Piece:
    """What a column adds, by its type."""
    if column.type in _READINGS:
        return _read(column)
    make = _MAKERS.get(column.type, _text)
    return make(column, contract)


_NIK = Piece(
    (
        "raw_rows.nik as nik__sent",
        "raw_rows.nik__kind",
        "nik_bare(raw_rows.nik) as nik__bare",
        "nik_bare(raw_rows.family_card) as family_card__bare",
    ),
    found=(_NIK_DEFECT,),
    found_joins=_NIK_PREFIXES,
    value="if(nik__defect is null, nik__bare, null)",
    defect="nik__defect",
    extra=(
        "if(nik__defect is null, nik_note(nik__sent, nik__kind, nik__bare), null) "
        "as nik__note",
    ),
)


def _text(column: ContractColumn, contract: Contract) -> Piece:
    """Text and what is text with a form: names, numbers of members, phones, years."""
    del contract
    name, text = column.name, f"{column.name}__text"
    cleaned = (f"text_clean(raw_rows.{name}) as {text}",)
    missing = f"if({text} is null, 'VALUE_MISSING', null)"
    if column.type == "name":
        found = (f"name_defect(cells_cleaned.{text}) as {name}__defect",)
        value = f"if({name}__defect is null, {text}, null)"
        return Piece(cleaned, value, f"{name}__defect", found=found)
    if column.type == "kpj":
        defect = f"kpj_defect(cells_cleaned.{name}__sent, cells_cleaned.{name}__value)"
        if not column.required:
            defect = f"nullif({defect}, 'KPJ_MISSING')"
        return Piece(
            (
                f"raw_rows.{name} as {name}__sent",
                f"kpj_value(raw_rows.{name}) as {name}__value",
            ),
            found=(f"{defect} as {name}__defect",),
            value=f"if({name}__defect is null, {name}__value, null)",
            defect=f"{name}__defect",
        )
    if column.type == "phone":
        return Piece(
            cleaned,
            found=(f"phone_value(cells_cleaned.{text}) as {name}",),
            value=name,
            defect=f"if({text} is not null and {name} is null, 'VALUE_UNKNOWN', null)",
        )
    if column.type == "year":
        required = "true" if column.required else "false"
        return Piece(
            cleaned,
            found=(f"year_defect(cells_cleaned.{text}, {required}) as {name}__defect",),
            value=f"if({name}__defect is null, as_int({text}), null)::smallint",
            defect=f"{name}__defect",
        )
    return Piece(cleaned, text, missing if column.required else "null::varchar")


def _flag(column: ContractColumn, contract: Contract) -> Piece:
    del contract
    sent = f"{column.name}__sent"
    return Piece(
        (f"raw_rows.{column.name} as {sent}",),
        value=f"flag_value({sent})",
        defect=f"flag_defect({sent})",
    )


def _read(column: ContractColumn) -> Piece:
    """A value its spelling was read for once."""
    name, read = column.name, f"{column.name}_read"
    readings, value, cast = _READINGS[column.type]
    cleaned = [f"{read}.{value} as {name}", f"{read}.defect as {name}__read"]
    if column.required:
        cleaned.append(f"{read}.is_missing as {name}__is_missing")
    if name == BIRTH_DATE:
        cleaned.append(f"{read}.age_years as umur")
    has_kind = readings != "listed_readings"
    by_kind = f"\n    and raw_rows.{name}__kind = {read}.kind" if has_kind else ""
    return Piece(
        tuple(cleaned),
        joins=(
            f"\nleft join {readings} as {read}\n    on {read}.column_name = '{name}'\n"
            f"    and raw_rows.{name} = {read}.sent{by_kind}"
        ),
        value=f"{name}{cast}",
        defect=_or_missing(column),
    )


def _or_missing(column: ContractColumn) -> str:
    read = f"{column.name}__read"
    if not column.required:
        return read
    return f"if({column.name}__is_missing, 'VALUE_MISSING', {read})"


def _area_code(column: ContractColumn, contract: Contract) -> Piece:
    name, read = column.name, f"{column.name}_read"
    scheme = next(one.name for one in contract.columns if one.type == "scheme")
    return Piece(
        (f"{read}.area_code as {name}", f"{read}.defect as {name}__read"),
        joins=(
            f"\nleft join area_codes_read as {read}\n    on raw_rows.{name} = {read}.sent"
            f"\n    and raw_rows.{name}__kind = {read}.kind"
            f"\n    and raw_rows.{scheme} = {read}.scheme_sent"
        ),
        value=name,
        defect=f"{name}__read",
    )


def _village(column: ContractColumn, contract: Contract) -> Piece:
    by_name = has_villages_by_name(contract)
    return _named_village(column) if by_name else _member_village(column, contract)


def _named_village(column: ContractColumn) -> Piece:
    """A village by its code, else by its name and district."""
    name, read = column.name, f"{column.name}_read"
    cleaned = [f"{read}.village_code as {name}", f"{read}.defect as {name}__read"]
    if column.required:
        cleaned.append(f"{read}.is_missing as {name}__is_missing")
    return Piece(
        tuple(cleaned),
        joins=(
            f"\nleft join villages_read as {read}\n    on raw_rows.{name} = "
            f"{read}.code_sent\n    and raw_rows.desa = {read}.name_sent"
            f"\n    and raw_rows.kecamatan = {read}.district_sent"
        ),
        value=name,
        defect=_or_missing(column),
    )


def _member_village(column: ContractColumn, contract: Contract) -> Piece:
    """A village by its code only, inside the regency the same row names."""
    name = column.name
    names = {one.type: one.name for one in contract.columns}
    regency, scheme = names["area_code"], names["scheme"]
    text = f"cells_cleaned.{name}__text"
    return Piece(
        (f"text_clean(raw_rows.{name}) as {name}__text",),
        found=(
            f"village_areas.area_code as {name}",
            f"bpjs_village_defect({text}, village_areas.area_code, "
            f"cells_cleaned.{regency}, cells_cleaned.{scheme}) as {name}__defect",
        ),
        found_joins=(
            "\nleft join areas as village_areas\n"
            "    on village_areas.area_level = 'village'\n"
            f"    and village_dotted({text}) = village_areas.area_code\n"
            f"    and cells_cleaned.{scheme} is distinct from 'bps'"
        ),
        value=name,
        defect=f"{name}__defect",
    )


def _nik(column: ContractColumn, contract: Contract) -> Piece:
    del column, contract
    return _NIK


_MAKERS = {
    "nik": _nik,
    "flag": _flag,
    "area_code": _area_code,
    "village_code": _village,
}
