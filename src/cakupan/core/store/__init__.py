"""The object store: a local folder or S3 behind one interface."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from cakupan.core.errors import ConfigurationError
from cakupan.core.settings import Settings
from cakupan.core.store.base import ObjectMissing, ObjectStore, StoredObject
from cakupan.core.store.folder import FolderStore

__all__ = [
    "ObjectMissing",
    "ObjectStore",
    "StoredObject",
    "open_store",
    "prepare_store",
]


def open_store(settings: Settings) -> ObjectStore:
    """The store of ``CAKUPAN_OBJECT_STORE``. Nothing is contacted or created yet.

    Raises:
        ConfigurationError: the address is neither ``file://…`` nor ``s3://bucket…``.
    """
    url = settings.object_store or f"file://{settings.home / 'store'}"
    scheme, _, rest = url.partition("://")
    if scheme == "file" and rest:
        path = rest.removeprefix("localhost") if rest.startswith("localhost/") else rest
        return FolderStore(Path(unquote(path)))
    bucket, _, prefix = rest.partition("/")
    if scheme == "s3" and bucket:
        # boto3 takes a third of a second to import; a folder does without it.
        from cakupan.core.store.s3 import S3Store  # noqa: PLC0415

        return S3Store(bucket, prefix.strip("/"), settings.work_dir)
    raise ConfigurationError(
        "STORE_INVALID",
        "CAKUPAN_OBJECT_STORE is neither file:// nor s3://.",
        "Write file:///path or s3://bucket/prefix.",
    )


def prepare_store(settings: Settings) -> ObjectStore:
    """Open the store and create its folder or bucket when it is missing."""
    store = open_store(settings)
    store.prepare()
    return store
