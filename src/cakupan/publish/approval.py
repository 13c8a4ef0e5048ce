"""What was decided about a release: draft, approved by a person, rejected.

A release is named by its content and never changes; a decision is a fact about it. A
draft is current like any other release and shown by the views of ``mart``; what goes to
the governor's office and to the public is the latest one that was released.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from cakupan.core.context import Context
from cakupan.core.database import database_errors
from cakupan.core.errors import ConfigurationError, UsageError
from cakupan.core.masking import mask_text
from cakupan.core.schema import ops
from cakupan.core.settings import Approver
from cakupan.publish.files import CHECKSUMS, checked_files
from cakupan.publish.reading import Release, release_of

Decision = Literal["approved", "rejected"]

#: Longest note of a person.
MOST_LETTERS = 500

RELEASED = ("approved", "not_required")


@dataclass(frozen=True, slots=True)
class Approval:
    """What was decided last about a release.

    Attributes:
        release_id: which release.
        state: ``pending``, ``approved``, ``rejected`` or ``not_required``.
        user_id: login of the person; ``None`` where nobody decided.
        name: of the person.
        decided_at: when; ``None`` while it is pending.
        note: of the person; the reason of a rejection.
        files_sha256: checksum of the release's ``SHA256SUMS`` as it was decided on.
    """

    release_id: str
    state: str = "pending"
    user_id: str | None = None
    name: str | None = None
    decided_at: dt.datetime | None = None
    note: str | None = None
    files_sha256: str | None = None

    @property
    def is_released(self) -> bool:
        """Whether it may leave the office."""
        return self.state in RELEASED


def approval_of(engine: sa.Engine, release_id: str) -> Approval:
    """What was decided last about a release; pending where nothing was."""
    with database_errors(), engine.connect() as connection:
        return _last(connection, release_id)


def was_requested(engine: sa.Engine, release_id: str) -> bool:
    """Whether somebody was asked to approve a release."""
    table = ops.release_decisions
    query = (
        sa.select(sa.func.count())
        .where(table.c.release_id == release_id)
        .where(table.c.decision == "requested")
    )
    with database_errors(), engine.connect() as connection:
        return bool(connection.scalar(query))


def note_request(context: Context, release: Release) -> None:
    """Keep that the approvers were asked."""
    with database_errors(), context.engine.begin() as connection:
        _note(connection, release, "requested", "airflow")


def settle(context: Context, release: Release) -> Approval:
    """Release a draft at once where this deployment names no approver.

    Returns:
        What is decided then; a draft that was rejected stays one.

    Raises:
        InvariantBroken: a file in the store is not what was published.
    """
    found = approval_of(context.engine, release.release_id)
    if context.settings.approvers or found.state != "pending":
        return found
    checksum = files_checksum(context, release)
    with database_errors(), context.engine.begin() as connection:
        _lock(connection, release)
        found = _last(connection, release.release_id)
        if found.state == "pending":
            _note(connection, release, "not_required", "publish", files=checksum)
        return _last(connection, release.release_id)


def decide(
    context: Context,
    release_id: str,
    decision: Decision,
    *,
    by: str,
    note: str = "",
    channel: Literal["airflow", "cli"],
) -> Approval:
    """Approve or reject the current release of a month, as a person.

    Args:
        context: store, warehouse and the list of approvers.
        release_id: which release.
        decision: ``approved`` or ``rejected``; a rejection needs a note.
        by: login or name of an approver.
        note: kept with the decision; long numbers are masked.
        channel: by which door.

    Raises:
        ConfigurationError: nobody is named as approver.
        UsageError: unknown release or person, a rejection without a reason, a release
            that is not current any more or was released before.
        InvariantBroken: a file in the store is not what was published.
    """
    person = approver(context, by)
    said = _note_of(note)
    if decision == "rejected" and not said:
        raise UsageError(
            "REASON_MISSING",
            "Penolakan perlu alasan.",
            "Tulis alasannya sebagai catatan (--note).",
        )
    release = release_of(context.engine, release_id)
    checksum = files_checksum(context, release)
    with database_errors(), context.engine.begin() as connection:
        current = _lock(connection, release)
        if current != release_id:
            raise UsageError(
                "RELEASE_SUPERSEDED",
                f"Rilis {release_id} sudah digantikan oleh {current}.",
                "Periksa dan putuskan rilis yang baru.",
            )
        last = _last(connection, release_id)
        if last.state == "approved" or (last.is_released and decision == "rejected"):
            raise UsageError(
                "RELEASE_ALREADY_RELEASED",
                f"Rilis {release_id} sudah dilepas.",
                "Kesalahan diperbaiki dengan kiriman baru: itu menjadi rilis baru.",
            )
        _note(connection, release, decision, channel, person, said, checksum)
        return _last(connection, release_id)


def approver(context: Context, by: str) -> Approver:
    """The approver of this login or name.

    Raises:
        ConfigurationError: nobody is named as approver.
        UsageError: this person is not.
    """
    known = context.settings.approvers
    if not known:
        raise ConfigurationError(
            "APPROVERS_NOT_SET",
            "Tidak ada pemberi persetujuan yang ditetapkan.",
            "Isi CAKUPAN_APPROVERS dengan akun yang berwenang.",
        )
    for one in known:
        if by.strip() in (one.user_id, one.name):
            return one
    raise UsageError(
        "APPROVER_UNKNOWN",
        "Orang ini tidak berwenang menyetujui rilis.",
        "Yang berwenang tercantum dalam CAKUPAN_APPROVERS.",
    )


def files_checksum(context: Context, release: Release) -> str:
    """sha256 of the ``SHA256SUMS`` of a release, after every file in it was checked.

    Raises:
        InvariantBroken: a file in the store is not what was published.
    """
    checksum = ""
    for name, data in checked_files(context, release):
        if name == CHECKSUMS:
            checksum = hashlib.sha256(data).hexdigest()
    return checksum


def _note_of(text: str) -> str | None:
    """A person's words on one line, without control characters and long numbers."""
    said = " ".join(text.split())
    if len(said) > MOST_LETTERS:
        raise UsageError(
            "NOTE_TOO_LONG",
            f"Catatan lebih panjang dari {MOST_LETTERS} huruf.",
            "Persingkat catatannya.",
        )
    return mask_text("".join(one for one in said if one.isprintable())) or None


def _lock(connection: sa.Connection, release: Release) -> str | None:
    """The current release of the same month; nobody changes it until we are done."""
    table = ops.current_releases
    found: str | None = connection.scalar(
        sa.select(table.c.release_id)
        .where(table.c.province_code == release.province_code)
        .where(table.c.coverage_month == release.coverage_month)
        .with_for_update()
    )
    return found


def _last(connection: sa.Connection, release_id: str) -> Approval:
    table = ops.release_decisions
    row = connection.execute(
        sa.select(table)
        .where(table.c.release_id == release_id)
        .where(table.c.decision != "requested")
        .order_by(table.c.decision_id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return Approval(release_id)
    return Approval(
        release_id,
        row.decision,
        row.decided_by,
        row.decided_by_name,
        row.decided_at,
        row.note,
        row.files_sha256,
    )


def _note(
    connection: sa.Connection,
    release: Release,
    decision: str,
    channel: str,
    person: Approver | None = None,
    note: str | None = None,
    files: str | None = None,
) -> None:
    connection.execute(
        ops.release_decisions.insert().values(
            release_id=release.release_id,
            decision=decision,
            decided_at=sa.func.now(),
            decided_by=person.user_id if person else None,
            decided_by_name=person.name if person else None,
            note=note,
            channel=channel,
            content_sha256=release.content_sha256,
            files_sha256=files,
        )
    )
