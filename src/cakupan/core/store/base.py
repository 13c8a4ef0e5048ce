"""One interface for a folder and for S3."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What a listing says of one object.

    Attributes:
        key: with ``/`` between parts, no leading slash.
        size_bytes: length.
        etag: changes when the bytes change (sha256 or the server's ETag).
        stored_at: when it was put, or the receipt time given when putting it (UTC).
    """

    key: str
    size_bytes: int
    etag: str
    stored_at: dt.datetime


class ObjectStore(Protocol):
    """Objects by key. All methods raise ``OperationalError`` (code ``STORE_…``) when
    the store cannot be reached and ``KeyError``-free ``ObjectMissing`` for no object."""

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
            stored_at: receipt time to show instead of now.
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
