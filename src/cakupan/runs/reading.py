"""The handles of whoever only reads: a login that cannot write and sees no identity."""

from __future__ import annotations

import sqlalchemy as sa

from cakupan.core.context import Context
from cakupan.core.database import engine_for
from cakupan.core.settings import Settings
from cakupan.core.store import open_store
from cakupan.local import postgres

ROLE = "cakupan_pages"


def reading_context(settings: Settings) -> Context:
    """Store and warehouse for the pages; the caller disposes of the engine.

    The warehouse must run; nothing is started and nothing is migrated.
    """
    return Context(settings, open_store(settings), _engine(settings))


def _engine(settings: Settings) -> sa.Engine:
    if settings.warehouse_url is None:
        return engine_for(postgres.role_url(settings, ROLE), is_reader=True)
    if settings.pages_url:
        return engine_for(settings.pages_url, is_reader=True)
    return engine_for(settings.warehouse_url, role=ROLE, is_reader=True)
