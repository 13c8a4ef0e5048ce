"""Take the bytes of one landed object into the archive and see what it is about."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
from pathlib import Path

from cakupan.core.context import Context
from cakupan.core.errors import OperationalError, UsageError
from cakupan.core.findings import Finding, Grade, Severity
from cakupan.core.month import CoverageMonth
from cakupan.core.store.base import ObjectMissing, StoredObject, checked_key
from cakupan.core.submission import Slot
from cakupan.landing.naming import judge, nearest_slot, read_key
from cakupan.landing.revisions import UNREAD, Arrival, key_fingerprint
from cakupan.landing.submit import MAX_BYTES

logger = logging.getLogger(__name__)

_TRIES = 3
_BLOCK = 1 << 20


def take_in(context: Context, listed: StoredObject, copy: Path) -> Arrival | None:
    """Archive the bytes of one object.

    Args:
        context: settings and store.
        listed: what the listing says of it.
        copy: scratch file to be used.

    Returns:
        What arrived; ``None`` when the object went away, keeps changing or cannot be
        read. A file that is refused by its size or its key is not opened.

    Raises:
        OperationalError: the store is away, or the archive cannot be written.
    """
    try:
        checked_key(listed.key)
    except UsageError:
        return _arrival(context, listed, UNREAD, _refusal("LANDING_KEY_INVALID"))
    try:
        return _archive(context, listed.key, copy)
    except ObjectMissing:
        why = "STORE_OBJECT_MISSING"
    except PermissionError:
        why = "STORE_DENIED"
    except OSError as error:
        raise OperationalError(
            "SCRATCH_FAILED",
            f"A landed file cannot be copied ({os.strerror(error.errno or 0)}).",
            "Check the disk below CAKUPAN_HOME.",
        ) from None
    except _UnreadableError as error:
        why = error.code
    # the key itself can hold a name
    logger.error(
        "landing object %s is not read: %s", key_fingerprint(listed.key)[:12], why
    )
    return None


class _UnreadableError(OperationalError):
    """This object cannot be read now; others can."""


def _archive(context: Context, key: str, copy: Path) -> Arrival:
    for _ in range(_TRIES):
        before, sha256 = _read(context, key, copy)
        if sha256 == UNREAD:
            return _arrival(context, before, UNREAD, _refusal("FILE_TOO_LARGE"))
        # what was replaced while it was read is neither the old nor the new file
        if context.store.stat(key).etag == before.etag:
            target = f"archive/{sha256[:2]}/{sha256}"
            context.store.put(target, copy, if_absent=True)
            copy.unlink()
            return _arrival(context, before, sha256)
    raise _UnreadableError("STORE_CHANGED", "An object keeps changing.")


def _read(context: Context, key: str, copy: Path) -> tuple[StoredObject, str]:
    try:
        stored = context.store.stat(key)
        if stored.size_bytes > MAX_BYTES:
            return stored, UNREAD
        with context.store.local(key) as path:
            return stored, _copy(path, copy)
    except ObjectMissing:
        raise
    except OperationalError as error:
        if error.code == "STORE_UNREACHABLE":
            raise
        raise _UnreadableError(error.code, error.message, error.hint) from None


def _copy(source: Path, target: Path) -> str:
    """Copy a file and say the sha256 of exactly the bytes in the copy."""
    digest = hashlib.sha256()
    with source.open("rb") as incoming, target.open("wb") as outgoing:
        while block := incoming.read(_BLOCK):
            digest.update(block)
            outgoing.write(block)
    return digest.hexdigest()


def _arrival(
    context: Context, stored: StoredObject, sha256: str, refusal: Finding | None = None
) -> Arrival:
    reading = read_key(stored.key)
    slot = judge(reading, context.settings.provinces)
    if not isinstance(slot, Slot):
        refusal = refusal or slot
        slot = nearest_slot(reading, _month_of(stored.stored_at, context))
    return Arrival(
        key=stored.key,
        etag=stored.etag,
        stored_at=stored.stored_at,
        sha256=sha256,
        size_bytes=stored.size_bytes,
        slot=slot,
        refusal=refusal,
    )


def _month_of(moment: dt.datetime, context: Context) -> CoverageMonth:
    """Business month of a receipt time; a clock that is far off is brought in range."""
    local = moment.astimezone(context.settings.tz)
    return CoverageMonth(min(max(local.year, 2000), 2100), local.month)


def _refusal(code: str) -> Finding:
    return Finding(code, Grade.SUBMISSION, Severity.CRITICAL, row_count=0)
