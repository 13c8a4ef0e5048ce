"""The object store as a local folder.

An object is a regular file; links, devices and names starting with the scratch folder
``.put`` are none. Writing goes through a scratch file, so a reader or a killed process
never leaves half an object under a key.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from cakupan.core.errors import OperationalError
from cakupan.core.store.base import ObjectMissing, StoredObject, checked_key, utc

_SCRATCH = ".put"
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@contextmanager
def _store_errors() -> Iterator[None]:
    """Name what the file system refused, without its path (names can be personal)."""
    try:
        yield
    except PermissionError:
        raise OperationalError(
            "STORE_DENIED",
            "The folder of the object store may not be read or written.",
            "Check the owner of CAKUPAN_OBJECT_STORE.",
        ) from None
    except OSError as error:
        raise OperationalError(
            "STORE_FAILED",
            f"The folder of the object store failed ({os.strerror(error.errno or 0)}).",
            "Check the disk below CAKUPAN_OBJECT_STORE.",
        ) from None


@contextmanager
def _object_errors() -> Iterator[None]:
    """As :func:`_store_errors`, for an object that must be there."""
    with _store_errors():
        try:
            yield
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise ObjectMissing(
                "STORE_OBJECT_MISSING", "There is no such object in the store."
            ) from None


class FolderStore:
    """Objects as files below ``root``. See :class:`ObjectStore` for the methods."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def __repr__(self) -> str:
        return f"FolderStore({str(self.root)!r})"

    def prepare(self) -> None:
        """Create the folder, for its owner only; clear what killed writers left."""
        with _store_errors():
            self.root.parent.mkdir(parents=True, exist_ok=True)
            self.root.mkdir(mode=0o700, exist_ok=True)
            yesterday = time.time() - 86_400
            for left in (self.root / _SCRATCH).glob("*"):
                if left.stat().st_mtime < yesterday:
                    left.unlink(missing_ok=True)

    def list(self, prefix: str) -> Iterator[StoredObject]:
        """Objects whose key starts with ``prefix``, in key order."""
        folder, _, _ = prefix.rpartition("/")
        if folder:
            checked_key(folder)
        start = self.root / folder
        yield from self._walk(start, f"{folder}/" if folder else "", prefix)

    def _walk(self, folder: Path, base: str, prefix: str) -> Iterator[StoredObject]:
        try:
            with os.scandir(folder) as entries:
                # a folder sorts as its objects do: by its name and the slash after it
                found = sorted(
                    entry.name + ("/" if entry.is_dir(follow_symlinks=False) else "")
                    for entry in entries
                )
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError:
            with _store_errors():
                raise
        for name in found:
            key = base + name
            if not base and name == f"{_SCRATCH}/":
                continue
            if name.endswith("/"):
                if key.startswith(prefix) or prefix.startswith(key):
                    yield from self._walk(folder / name[:-1], key, prefix)
            elif key.startswith(prefix):
                with suppress(ObjectMissing):  # taken away since the listing
                    yield self._stat(folder / name, key)

    def exists(self, key: str) -> bool:
        """Whether the object is there."""
        try:
            self.stat(key)
        except ObjectMissing:
            return False
        return True

    def stat(self, key: str) -> StoredObject:
        """What a listing would say of one object."""
        return self._stat(self._path(key), key)

    def _stat(self, path: Path, key: str) -> StoredObject:
        with _object_errors():
            found = path.lstat()
            if not stat.S_ISREG(found.st_mode):
                raise FileNotFoundError
        # ctime cannot be set from outside, so bytes exchanged under an old mtime show
        etag = f"{found.st_ino:x}-{found.st_size:x}-{found.st_mtime_ns:x}-"
        return StoredObject(
            key=key,
            size_bytes=found.st_size,
            etag=f"{etag}{found.st_ctime_ns:x}",
            stored_at=_EPOCH + dt.timedelta(microseconds=found.st_mtime_ns // 1000),
        )

    def put(
        self,
        key: str,
        source: Path | bytes,
        *,
        stored_at: dt.datetime | None = None,
        if_absent: bool = False,
    ) -> bool:
        """Store bytes, whole or not at all; returns whether they were written."""
        target = self._path(key)
        if if_absent and self.exists(key):
            return False
        with ExitStack() as open_files:
            stream: BinaryIO = (
                io.BytesIO(source)
                if isinstance(source, bytes)
                else open_files.enter_context(source.open("rb"))
            )
            with _store_errors(), self._written(stream, stored_at) as temporary:
                target.parent.mkdir(parents=True, exist_ok=True)
                if not if_absent:
                    temporary.replace(target)
                    return True
                try:
                    target.hardlink_to(temporary)
                except FileExistsError:
                    return False
                return True

    @contextmanager
    def _written(
        self, source: BinaryIO, stored_at: dt.datetime | None
    ) -> Iterator[Path]:
        """The bytes on disk, in a scratch file that is gone afterwards."""
        scratch = self.root / _SCRATCH
        scratch.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=scratch)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                shutil.copyfileobj(source, stream, 1 << 20)
                stream.flush()
                os.fsync(stream.fileno())
            if stored_at is not None:
                age = (utc(stored_at) - _EPOCH) // dt.timedelta(microseconds=1)
                os.utime(temporary, ns=(age * 1000, age * 1000))
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)

    def read(self, key: str) -> bytes:
        """The bytes of a small object."""
        with self.local(key) as path, _object_errors():
            return path.read_bytes()

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """The object itself; do not change it."""
        path = self._path(key)
        self.stat(key)
        yield path

    def delete(self, key: str) -> None:
        """Remove one object; nothing happens when it is not there."""
        path = self._path(key)
        if self.exists(key):
            with _store_errors():
                path.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self.root / checked_key(key)
