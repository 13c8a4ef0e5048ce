"""Put a file of this machine into the landing area."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from cakupan.core.errors import SubmissionRefused, UsageError
from cakupan.core.masking import masked_name
from cakupan.core.store.base import ObjectStore
from cakupan.core.submission import Slot
from cakupan.landing.naming import LANDING, is_ignored

#: Longest file taken, bytes (2 GiB).
MAX_BYTES = 2 << 30

_NAME_BYTES = 160


def submit_file(
    store: ObjectStore,
    path: Path,
    slot: Slot,
    stored_at: dt.datetime | None = None,
    file_name: str | None = None,
) -> str:
    """Store a file under its slot; never in place of another one.

    Args:
        store: the object store.
        path: the file.
        slot: what it is about.
        stored_at: receipt time to show instead of now.
        file_name: how the sender calls it, where ``path`` has another name.

    Returns:
        Its landing key. Digits of the name that could be an identity number are masked.

    Raises:
        UsageError: there is no such file, or it is one the landing area ignores.
        SubmissionRefused: ``FILE_TOO_LARGE``.
    """
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError:
        size = None
    if size is None:
        raise UsageError(
            "FILE_NOT_FOUND",
            f"There is no file {masked_name(path.name)}, or it may not be read.",
        )
    name = file_name or path.name
    if is_ignored(name):
        raise UsageError(
            "FILE_TEMPORARY",
            f"{masked_name(name)} looks like a temporary file of a program.",
            "Give it another name, or send the file it belongs to.",
        )
    if size > MAX_BYTES:
        raise SubmissionRefused(
            "FILE_TOO_LARGE",
            "Berkas lebih dari 2 GiB.",
            "Kirim sebagai Parquet atau CSV terkompresi (.csv.gz).",
        )
    stem, ending = _landing_name(name)
    prefix = f"{LANDING}{slot}/"
    taken = {stored.key for stored in store.list(prefix)}
    number = 1
    while True:
        suffix = "" if number == 1 else f"-{number}"
        key = f"{prefix}{stem}{suffix}{ending}"
        try:
            if key not in taken and store.put(
                key, path, stored_at=stored_at, if_absent=True
            ):
                return key
        except PermissionError:
            raise UsageError(
                "FILE_NOT_READABLE", f"{masked_name(path.name)} may not be read."
            ) from None
        number += 1


def _landing_name(name: str) -> tuple[str, str]:
    """Stem and ending of a name fit for a key: no controls, no NIK, not too long."""
    safe = name.encode("utf-8", "replace").decode("utf-8")
    safe = re.sub(r"[\x00-\x1f\x7f/\\]", "_", masked_name(safe))
    found = re.search(r"(\.[A-Za-z0-9]{1,8}){1,2}$", safe)
    ending = found[0] if found and found.start() else ""
    stem = safe.removesuffix(ending).encode()[:_NAME_BYTES].decode("utf-8", "ignore")
    return stem, ending
