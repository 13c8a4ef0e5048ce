"""Files that were checked and not sent yet: kept for an hour, for their sender only.

A folder per file below ``CAKUPAN_HOME/uploads``, named by the fingerprint of a token only
the sender's browser knows. It holds names, so it is removed when it is sent, when it is
old, and when its sender has checked a few more. One that is being checked stays; so
nobody can have more than a few of them at once.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from cakupan.core.area import AreaCode
from cakupan.core.errors import SubmissionRefused, UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.submission import Slot
from cakupan.runs.check import Checked

SECONDS = 3600
_KEPT = 4
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_SOURCE, _RAW, _FINDINGS, _ABOUT = (
    "berkas",
    "raw.parquet",
    "findings.parquet",
    "about.json",
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was checked.

    Attributes:
        token: in the address of its page.
        owner: name of the user who sent it.
        file_name: as sent.
        dataset: of its slot; with ``area`` and ``month``.
        counts: ``state`` and the four ``…_count`` of rows.
        layout: how it was read.
        landing_key: where it went, ``""`` before it was sent.
    """

    token: str
    owner: str
    file_name: str
    dataset: str
    area: str
    month: str
    counts: dict[str, Any]
    layout: dict[str, Any]
    landing_key: str = ""

    @property
    def slot(self) -> Slot:
        """What it is about."""
        return Slot(self.dataset, AreaCode(self.area), CoverageMonth.parse(self.month))


class Uploads:
    """The folders of a deployment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, owner: str) -> tuple[str, Path]:
        """A token and an empty folder; old ones are removed.

        Raises:
            SubmissionRefused: ``UPLOADS_AT_ONCE``: as many files are being checked already.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep(owner)
        token = secrets.token_urlsafe(32)
        place = self._place(token)
        place.mkdir(mode=0o700)
        (place / ".owner").write_text(owner, "utf-8")
        return token, place

    def source(self, token: str) -> Path:
        """The file as it was sent."""
        return self._place(token) / _SOURCE

    def raw(self, token: str) -> Path | None:
        """The sender's rows, ``None`` when the file could not be read or was sent."""
        path = self._place(token) / _RAW
        return path if path.exists() else None

    def keep(
        self, token: str, owner: str, file_name: str, slot: Slot, result: Checked
    ) -> Upload:
        """Note what the checks said; rows that are not shown again are removed."""
        place = self._place(token)
        for path in place.iterdir():
            if path.name not in {_SOURCE, _RAW, ".owner"}:
                path.unlink()
        upload = Upload(
            token=token,
            owner=owner,
            file_name=file_name,
            dataset=slot.dataset,
            area=str(slot.area),
            month=str(slot.month),
            counts={
                "state": result.state,
                "received_count": result.received_count,
                "accepted_count": result.accepted_count,
                "quarantined_count": result.quarantined_count,
                "rejected_count": result.rejected_count,
            },
            layout=result.layout,
        )
        pq.write_table(result.findings, place / _FINDINGS)
        self._write(upload)
        return upload

    def sent(self, upload: Upload, landing_key: str) -> None:
        """It is in the landing area: the file and its rows are not needed here."""
        self._write(Upload(**{**asdict(upload), "landing_key": landing_key}))
        self.source(upload.token).unlink(missing_ok=True)
        (self._place(upload.token) / _RAW).unlink(missing_ok=True)

    def drop(self, token: str) -> None:
        """Forget a file."""
        shutil.rmtree(self._place(token), ignore_errors=True)

    def get(self, token: str, owner: str) -> tuple[Upload, pa.Table]:
        """A file and its findings.

        Raises:
            UsageError: ``UPLOAD_UNKNOWN``: no such file, too old, or somebody else's.
        """
        try:
            if not _TOKEN.fullmatch(token):
                raise FileNotFoundError
            place = self._place(token)
            upload = Upload(**json.loads((place / _ABOUT).read_text("utf-8")))
            if upload.owner != owner or _age(place) > SECONDS:
                raise FileNotFoundError
            return upload, pq.read_table(place / _FINDINGS)
        except FileNotFoundError:
            raise UsageError(
                "UPLOAD_UNKNOWN",
                "Unggahan ini tidak ada (lagi). Unggahan disimpan satu jam.",
                "Unggah berkasnya lagi.",
            ) from None

    def _write(self, upload: Upload) -> None:
        target = self._place(upload.token) / _ABOUT
        part = target.with_suffix(".part")
        part.write_text(json.dumps(asdict(upload)), "utf-8")
        part.replace(target)

    def _place(self, token: str) -> Path:
        return self._folder / hashlib.sha256(token.encode()).hexdigest()

    def _sweep(self, owner: str) -> None:
        checked, unfinished = [], 0
        for place in self._folder.iterdir():
            if _age(place) > SECONDS:
                shutil.rmtree(place, ignore_errors=True)
            elif owner not in _owners(place):
                continue
            elif (place / _ABOUT).exists():
                checked.append(place)
            else:
                unfinished += 1
        if unfinished >= _KEPT:
            raise SubmissionRefused(
                "UPLOADS_AT_ONCE",
                f"{unfinished} berkas Anda masih diperiksa.",
                "Tunggu sampai selesai, lalu unggah lagi.",
            )
        for place in sorted(checked, key=_age)[_KEPT - 1 :]:
            shutil.rmtree(place, ignore_errors=True)


def _owners(place: Path) -> Iterator[str]:
    try:
        yield (place / ".owner").read_text("utf-8")
    except OSError:
        return


def _age(place: Path) -> float:
    """Seconds since a folder was made."""
    try:
        return time.time() - (place / ".owner").stat().st_mtime
    except OSError:
        return SECONDS + 1.0
