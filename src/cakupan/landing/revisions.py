"""Which revision a landed file is: the rules, apart from any I/O.

The last file sent for a slot is the sender's word. The same bytes as that word are a
duplicate. Other bytes are a new revision, also when they are those of an older one: the
sender goes back to it then, and is told so. A refused file is nobody's word.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from cakupan.core.findings import Finding, Grade, Severity
from cakupan.core.ledger_rows import Entry
from cakupan.core.masking import masked_name
from cakupan.core.submission import Slot, Submission

#: In place of a fingerprint where a file was not read (too large, or no valid key).
UNREAD = "0" * 64


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new object of the landing area.

    Attributes:
        key: landing key.
        etag: what the store said of the bytes that were read.
        stored_at: receipt time, UTC.
        sha256: of the bytes, or :data:`UNREAD`.
        size_bytes: their length.
        slot: what it is about.
        refusal: why it is refused before it is opened; ``None`` when it is not.
    """

    key: str
    etag: str
    stored_at: dt.datetime
    sha256: str
    size_bytes: int
    slot: Slot
    refusal: Finding | None = None


def key_fingerprint(key: str) -> str:
    """Fingerprint under which the ledger knows a landing key."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


class SlotHistory:
    """What is known of one slot while files are registered for it, in order."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot
        self._attempt = 0
        self._revision = 0
        self._word: Submission | None = None
        self._last_with: dict[str, Submission] = {}

    def add(self, known: Submission) -> None:
        """Take in a submission of the slot; call it in the order of attempts."""
        self._attempt = max(self._attempt, known.attempt)
        if known.revision is None:
            return
        self._revision = max(self._revision, known.revision)
        if known.state != "refused":
            self._word = known
            self._last_with[known.sha256] = known

    def register(self, arrival: Arrival) -> Entry:
        """Make the submission an arrival becomes, and take it in."""
        state = "received"
        duplicate_of: str | None = None
        findings: tuple[Finding, ...] = ()
        older = self._last_with.get(arrival.sha256)
        if arrival.refusal is not None:
            state, findings = "refused", (arrival.refusal,)
        elif older is not None and older is self._word:
            state, duplicate_of = "duplicate", older.submission_id
        elif older is not None:
            findings = (_restores(older),)
        attempt = self._attempt + 1
        slot = self._slot
        submission = Submission(
            submission_id=f"{slot.dataset}-{slot.area}-{slot.month}-{attempt:03d}",
            slot=slot,
            attempt=attempt,
            revision=None if duplicate_of else self._revision + 1,
            sha256=arrival.sha256,
            size_bytes=arrival.size_bytes,
            file_name=_file_name(arrival.key),
            received_at=arrival.stored_at,
            state=state,
        )
        self.add(submission)
        return Entry(
            submission=submission,
            landing_key_sha256=key_fingerprint(arrival.key),
            landing_etag=arrival.etag,
            duplicate_of=duplicate_of,
            findings=findings,
        )


def _restores(older: Submission) -> Finding:
    return Finding(
        "RESTORES_REVISION",
        Grade.SUBMISSION,
        Severity.WARNING,
        row_count=0,
        detail=older.submission_id,
    )


def _file_name(key: str) -> str:
    name = key.rpartition("/")[2].encode("utf-8", "replace").decode("utf-8")
    return masked_name(
        "".join(letter if letter.isprintable() else "_" for letter in name)
    )
