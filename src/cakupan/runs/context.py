"""Opening the handles every command and task needs, and closing them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from cakupan.core import areas
from cakupan.core.context import Context
from cakupan.core.database import database_errors, engine_for
from cakupan.core.errors import ConfigurationError
from cakupan.core.masking import PersonalDataFilter
from cakupan.core.scratch import remove_leftovers
from cakupan.core.settings import Settings, load_settings
from cakupan.core.store import open_store
from cakupan.local import postgres
from cakupan.warehouse import migrate

logger = logging.getLogger(__name__)


def mask_logs() -> None:
    """Put the personal-data filter on every handler of the root logger."""
    root = logging.getLogger()
    for handler in root.handlers:
        if not any(isinstance(known, PersonalDataFilter) for known in handler.filters):
            handler.addFilter(PersonalDataFilter())


def _know_provinces(settings: Settings) -> None:
    # one that was or will be is served in the months it is in force
    unknown = [code for code in settings.provinces if areas.name_of(code) is None]
    if unknown:
        raise ConfigurationError(
            "PROVINCES_INVALID",
            f"CAKUPAN_PROVINCES: there is no province {', '.join(unknown)}.",
            "Give two-digit Kemendagri codes separated by commas, e.g. 64,65.",
        )


@contextmanager
def open_context(
    settings: Settings | None = None, *, prepare: bool = True
) -> Iterator[Context]:
    """Open store and warehouse.

    Args:
        settings: read from the environment when ``None``.
        prepare: bring an embedded warehouse to the current schema when it is behind.

    Raises:
        ConfigurationError: an outside warehouse has not been initialised, or there is
            no such province.
        OperationalError: store or database cannot be reached.
    """
    settings = settings or load_settings()
    _know_provinces(settings)
    mask_logs()
    if removed := remove_leftovers(settings.work_dir):
        logger.info("%d scratch folders of killed processes removed", removed)
    store = open_store(settings)
    with postgres.running(settings) as url:
        engine = engine_for(url)
        try:
            with database_errors():
                behind = not migrate.is_current(engine)
            if behind and prepare:
                if settings.warehouse_url:
                    raise ConfigurationError(
                        "WAREHOUSE_NOT_READY",
                        "The warehouse does not have the schema of this version.",
                        "Run `cakupan init` once with an owner's login.",
                    )
                initialise(settings, engine)
            yield Context(settings=settings, store=store, engine=engine)
        finally:
            engine.dispose()


def initialise(settings: Settings, engine: sa.Engine) -> None:
    """Create what is missing in the warehouse: schema, roles, reference data."""
    from cakupan.warehouse import reference  # noqa: PLC0415 - loads 84,000 areas

    with database_errors():
        migrate.upgrade(engine)
        reference.load_areas(engine)
