"""What all four schemas share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Date, MetaData, Numeric, Text

SCHEMAS = ("ops", "vault", "core", "mart")

#: Whole rupiah: wages and rates.
RUPIAH = Numeric(18, 0)

#: Rupiah to the sen, as files and payments state them.
AMOUNT = Numeric(18, 2)

#: Large tables have one partition per month, and in it one per province: a slice.
BY_MONTH = "LIST (coverage_month)"

#: Tables about persons have one partition per province.
BY_PROVINCE = "LIST (province_code)"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def col(
    name: str,
    kind: Any,
    comment: str,
    *,
    key: bool = False,
    null: bool = False,
    sensitivity: str = "public",
    **more: Any,
) -> Column[Any]:
    """A column with its comment; ``sensitivity`` goes to the data dictionary.

    Args:
        name: column name.
        kind: SQLAlchemy type.
        comment: meaning and unit, in Indonesian.
        key: part of the primary key.
        null: may be absent.
        sensitivity: ``public``, ``personal``, ``financial`` or ``identity``.
        more: passed to :class:`sqlalchemy.Column`.
    """
    return Column(
        name,
        kind,
        primary_key=key,
        nullable=null and not key,
        comment=comment,
        info={"sensitivity": sensitivity},
        **more,
    )


def code(name: str, comment: str, **more: Any) -> Column[Any]:
    """A text column holding a code."""
    return col(name, Text, comment, **more)


def slice_columns() -> list[Column[Any]]:
    """What every table has that is replaced month by month and province by province."""
    return [
        col("coverage_month", Date, "Bulan cakupan, tanggal satu"),
        code("province_code", "Kode provinsi"),
    ]
