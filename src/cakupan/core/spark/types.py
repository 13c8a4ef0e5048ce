"""Types of DuckDB as Spark writes them."""

from __future__ import annotations

_TYPES = {
    "VARCHAR": "string",
    "UUID": "string",
    "BOOLEAN": "boolean",
    "TINYINT": "tinyint",
    "SMALLINT": "smallint",
    "INTEGER": "int",
    "BIGINT": "bigint",
    "UTINYINT": "smallint",
    "USMALLINT": "int",
    "UINTEGER": "bigint",
    "UBIGINT": "decimal(20,0)",
    "HUGEINT": "decimal(38,0)",
    "UHUGEINT": "decimal(38,0)",
    "FLOAT": "float",
    "DOUBLE": "double",
    "DATE": "date",
    "BLOB": "binary",
    "TIMESTAMP": "timestamp_ntz",
    "TIMESTAMP WITH TIME ZONE": "timestamp",
    '"NULL"': "string",
}

#: Types in which a value goes from DuckDB to Spark, where it is not its own.
CROSSING = {
    "UUID": "varchar",
    "HUGEINT": "decimal(38, 0)",
    "UBIGINT": "decimal(20, 0)",
}


def spark_type(name: str) -> str:
    """The Spark type for a type as DuckDB describes it.

    Raises:
        TypeError: a kind no SQL file makes.
    """
    if name.endswith("[]"):
        return f"array<{spark_type(name[:-2])}>"
    if name.startswith("DECIMAL("):
        return name.lower()
    known = _TYPES.get(name)
    if known is None:
        raise TypeError(f"no Spark type for {name}")
    return known
