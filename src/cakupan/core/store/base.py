"""One interface for a folder and for S3."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cakupan.core.errors import OperationalError, UsageError


class ObjectMissing(OperationalError):
    """There is no object under this key."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What a listing says of one object.

    Attributes:
        key: with ``/`` between parts, no leading slash.
        size_bytes: length.
        etag: changes when the bytes change (it may change without that, too).
        stored_at: when it was put, or the receipt time given when putting it (UTC).
            A listing of S3 knows only when the server wrote the object, as asking for
            more costs a request per object; ``stat`` always knows the receipt time.
    """

    key: str
    size_bytes: int
    etag: str
    stored_at: dt.datetime


class ObjectStore(Protocol):
    """Objects by key.

    All methods raise ``OperationalError`` (code ``STORE_…``) when the store cannot be
    used, ``ObjectMissing`` for an object that is not there and ``UsageError`` for a key
    of a wrong form (see :func:`checked_key`).
    """

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Objects whose key starts with ``prefix``, in key order."""
        ...

    def exists(self, key: str) -> bool:
        """Whether the object is there."""
        ...

    def stat(self, key: str) -> StoredObject:
        """What a listing would say of one object."""
        ...

    def put(
        self,
        key: str,
        source: Path | bytes,
        *,
        stored_at: dt.datetime | None = None,
        if_absent: bool = False,
    ) -> bool:
        """Store bytes, whole or not at all.

        Args:
            key: where to.
            source: a local file, or the bytes.
            stored_at: receipt time to show instead of now; with a time zone.
            if_absent: do nothing when the key is taken.

        Returns:
            Whether it was written.
        """
        ...

    def read(self, key: str) -> bytes:
        """The bytes of a small object."""
        ...

    def local(self, key: str) -> AbstractContextManager[Path]:
        """The object as a local file for reading; a copy is removed on leaving."""
        ...

    def delete(self, key: str) -> None:
        """Remove one object; nothing happens when it is not there."""
        ...

    def prepare(self) -> None:
        """Create the folder or the bucket when it is missing; safe to repeat."""
        ...


def checked_key(key: str) -> str:
    """A key that means the same on every store.

    Raises:
        UsageError: empty or absolute, with an empty, ``.`` or ``..`` part, with a
            control character, or longer than S3 allows (1024 bytes).
    """
    is_bad = (
        any(part in {"", ".", ".."} for part in key.split("/"))
        or any(ord(letter) < 32 or ord(letter) == 127 for letter in key)
        or len(key.encode("utf-8", "surrogateescape")) > 1024
    )
    if is_bad:
        raise UsageError(
            "STORE_KEY_INVALID",
            "A key of the object store has a form that is not allowed.",
            "Parts are separated by single slashes; '.' and '..' are no parts.",
        )
    return key


def utc(moment: dt.datetime) -> dt.datetime:
    """The same instant in UTC.

    Raises:
        UsageError: the time has no zone, so it is no instant.
    """
    if moment.tzinfo is None:
        raise UsageError("TIME_WITHOUT_ZONE", "A receipt time needs a time zone.")
    return moment.astimezone(dt.UTC)
