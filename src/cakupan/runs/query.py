"""Queries of analysts, run with an analyst's rights and nothing more."""

from __future__ import annotations

from typing import Any

from cakupan.core.settings import Settings
from cakupan.local import postgres
from cakupan.warehouse.query import run_query


def as_analyst(
    settings: Settings, query: str
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Column names and rows of one read-only statement.

    Raises:
        UsageError: the statement is refused or wrong.
    """
    if settings.warehouse_url is None:
        url, role = postgres.role_url(settings, "cakupan_analyst"), None
    elif settings.analyst_url:
        url, role = settings.analyst_url, None
    else:
        url, role = settings.warehouse_url, "cakupan_analyst"
    columns, rows = run_query(url, query, role=role)
    return tuple(columns), [tuple(row) for row in rows]
