"""Binary COPY: every value arrives as it was, NULL is not empty text."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

import pyarrow as pa
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cakupan.core.copy import BATCH_ROWS, copy_arrow
from cakupan.core.errors import InvariantBroken, OperationalError

SCHEMA = pa.schema(
    {
        "t": pa.string(), "u": pa.binary(16), "d": pa.date32(), "b": pa.bool_(),
        "i2": pa.int16(), "i4": pa.int32(), "i8": pa.int64(), "f": pa.float64(),
        "n0": pa.decimal128(18, 0), "n4": pa.decimal128(18, 4), 
        "n5": pa.decimal128(6, 5),
        "n2": pa.decimal128(9, 2), "ts": pa.timestamp("us", tz="UTC"), "j": pa.string(),
    }
)  # fmt: skip
CREATE = """
    create temp table sample (
        t text, u uuid, d date, b boolean, i2 smallint, i4 integer, i8 bigint,
        f double precision, n0 numeric(18, 0), n4 numeric(18, 4), n5 numeric(6, 5),
        n2 numeric(9, 2), ts timestamptz, j jsonb
    )
"""


def decimals(digits: int, scale: int) -> st.SearchStrategy[Decimal]:
    top = 10**digits - 1
    return st.integers(-top, top).map(lambda number: Decimal(number).scaleb(-scale))


def row() -> st.SearchStrategy[dict[str, object]]:
    text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
    values: dict[str, st.SearchStrategy[object]] = {
        "t": text,
        "u": st.uuids().map(lambda value: value.bytes),
        "d": st.dates(),
        "b": st.booleans(),
        "i2": st.integers(-(2**15), 2**15 - 1),
        "i4": st.integers(-(2**31), 2**31 - 1),
        "i8": st.integers(-(2**63), 2**63 - 1),
        "f": st.floats(allow_nan=False),
        "n0": decimals(18, 0),
        "n4": decimals(18, 4),
        "n5": decimals(6, 5),
        "n2": decimals(9, 2),
        "ts": st.datetimes(timezones=st.just(dt.UTC)),
        "j": st.sampled_from(['{"a": [1, null]}', '"x"', "{}"]),
    }
    return st.fixed_dictionaries(
        {name: st.none() | value for name, value in values.items()}
    )


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=st.lists(row(), max_size=8))
def test_values_arrive_as_they_were(
    engine: sa.Engine, rows: list[dict[str, object]]
) -> None:
    table = pa.Table.from_pylist(rows, SCHEMA)
    with engine.connect() as connection:
        connection.execute(sa.text(CREATE))
        assert copy_arrow(connection, "pg_temp.sample", table) == len(rows)
        found = connection.execute(
            sa.text("select t, u, d, b, i2, i4, i8, f, n0, n4, n5, n2, ts, "
                    "j::text as j from sample")
        ).mappings()  # fmt: skip
        arrived = [dict(values) for values in found]
    for values in arrived:
        if isinstance(values["u"], uuid.UUID):
            values["u"] = values["u"].bytes
    assert arrived == rows


def _counted(connection: sa.Connection, question: str) -> object:
    return connection.execute(sa.text(question)).scalar()


def test_null_is_not_empty_text(engine: sa.Engine) -> None:
    data = pa.table({"t": ["", None, "\\N", "NULL", 'a,"b"\n', "\\"]})
    with engine.connect() as connection:
        connection.execute(sa.text("create temp table sample (t text, other integer)"))
        copy_arrow(connection, "pg_temp.sample", data)
        assert connection.execute(sa.text("select t from sample")).scalars().all() == [
            "", None, "\\N", "NULL", 'a,"b"\n', "\\",
        ]  # fmt: skip


def test_uuid_text_dictionaries_slices_and_column_choice(engine: sa.Engine) -> None:
    people = [uuid.UUID(int=number) for number in range(5)]
    data = pa.table(
        {
            "w": pa.array(["x", "y", None, "x", "x"]).dictionary_encode(),
            "p": [str(person) for person in people],
            "surplus": [1, 2, 3, 4, 5],
        }
    ).slice(1, 3)
    with engine.connect() as connection:
        connection.execute(sa.text("create temp table sample (p uuid, w text)"))
        assert copy_arrow(connection, "pg_temp.sample", data, ["w", "p"]) == 3
        rows = connection.execute(sa.text("select p, w from sample")).all()
    assert [tuple(found) for found in rows] == [
        (people[1], "y"), (people[2], None), (people[3], "x"),
    ]  # fmt: skip


def test_more_rows_than_one_batch(engine: sa.Engine) -> None:
    count = 2 * BATCH_ROWS + 1
    data = pa.table({"i": pa.array(range(count), pa.int64())})
    with engine.connect() as connection:
        connection.execute(sa.text("create temp table sample (i integer)"))
        reader = data.to_reader(max_chunksize=BATCH_ROWS + 7)
        assert copy_arrow(connection, "pg_temp.sample", reader) == count
        assert _counted(connection, "select sum(i) from sample") == sum(range(count))


def test_errors_do_not_quote_rows(engine: sa.Engine) -> None:
    secret = "6402015708900001"
    with engine.connect() as connection:
        connection.execute(sa.text("create temp table sample (t text primary key)"))
        with pytest.raises(InvariantBroken) as caught:
            copy_arrow(connection, "pg_temp.sample", pa.table({"t": [secret, secret]}))
        assert secret not in str(caught.value)
        connection.rollback()
        connection.execute(sa.text("create temp table sample (t smallint)"))
        with pytest.raises(InvariantBroken) as caught:
            copy_arrow(connection, "pg_temp.sample", pa.table({"t": [int(secret)]}))
        assert secret not in str(caught.value)
        connection.rollback()
        connection.execute(sa.text("create temp table sample (t text)"))
        with pytest.raises(OperationalError) as failed:
            copy_arrow(connection, "pg_temp.sample", pa.table({"t": [secret + "\0"]}))
        assert secret not in str(failed.value)


def test_unknown_column(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.text("create temp table sample (t text)"))
        with pytest.raises(InvariantBroken, match="no column other"):
            copy_arrow(connection, "pg_temp.sample", pa.table({"other": ["a"]}))
