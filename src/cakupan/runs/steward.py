"""Reading names: the login that may, for the time it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cakupan.core.database import engine_for
from cakupan.core.settings import Settings
from cakupan.local import postgres
from cakupan.rosters.vault import Steward, check_right


@contextmanager
def as_steward(settings: Settings) -> Iterator[Steward]:
    """The steward of this deployment; refused at once without the right.

    Raises:
        UsageError: the login has no steward's right.
        OperationalError: the database is away.
    """
    role = None
    if settings.warehouse_url is None:
        url = postgres.role_url(settings, "cakupan_steward")
    elif settings.steward_url:
        url = settings.steward_url
    else:
        url, role = settings.warehouse_url, "cakupan_steward"
    engine = engine_for(url)
    try:
        steward = Steward(engine, role)
        check_right(steward)
        yield steward
    finally:
        engine.dispose()
