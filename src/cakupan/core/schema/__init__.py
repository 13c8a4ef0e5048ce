"""The warehouse as one SQLAlchemy schema: tables, constraints and comments.

Alembic builds the database from it and ``mart.data_dictionary`` is rendered from it.
Comments are in Indonesian because analysts read them in their SQL client; they state
the grain of a table and the unit of a column.
"""

from cakupan.core.schema import core, mart, money, ops, vault
from cakupan.core.schema.base import SCHEMAS, metadata

__all__ = ["SCHEMAS", "core", "mart", "metadata", "money", "ops", "vault"]
