"""What a month is reconciled from, and the fingerprint of all of it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from cakupan.core.month import CoverageMonth
from cakupan.core.privacy import PersonKey
from cakupan.core.resources import expectations, include
from cakupan.core.submission import Slot

#: Files whose content decides numbers, besides the code of this version.
_DECIDING = (
    ("sql", "*.sql"),
    ("sql", "*.yml"),
    ("contracts", "*"),
    ("reference", "*"),
)


@dataclass(frozen=True, slots=True)
class MonthInput:
    """One submission in force.

    Attributes:
        submission_id: its number.
        slot: dataset, area and landing month.
        accepted: Parquet of its accepted rows, ``None`` for a nil report.
        quarantined: Parquet of its quarantined rows, ``None`` when there is none.
    """

    submission_id: str
    slot: Slot
    accepted: Path | None
    quarantined: Path | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a steward decided about a pair in doubt; the latest word on it.

    Attributes:
        pair_id: of the queue.
        person_id: pseudonym of the registered person.
        other_id: pseudonym of the participant; of the KPJ when both have one NIK.
        decision: ``same``, ``different`` or ``unsure``.
    """

    pair_id: uuid.UUID
    person_id: uuid.UUID
    other_id: uuid.UUID
    decision: str


@dataclass(frozen=True, slots=True)
class MonthInputs:
    """What decides one province and month.

    Attributes:
        submissions: in force, reference files included.
        decisions: of stewards about pairs in doubt, one per pair.
    """

    submissions: tuple[MonthInput, ...]
    decisions: tuple[Decision, ...] = ()

    def of(self, *datasets: str) -> tuple[MonthInput, ...]:
        """Those of some datasets, in order of their numbers."""
        chosen = (found for found in self.submissions if found.slot.dataset in datasets)
        return tuple(sorted(chosen, key=lambda found: found.submission_id))


class StagedFile(Protocol):
    """What the hash needs to know of a submission in force."""

    @property
    def slot(self) -> Slot:
        """Dataset, area and landing month."""

    @property
    def sha256(self) -> str:
        """Of the bytes that were sent."""

    @property
    def staged_sha256(self) -> str | None:
        """Of the rows that staging and quality made of them."""


@cache
def shipped_sha256() -> str:
    """Fingerprint of the SQL, contracts, reference data and suites of this version."""
    digest = hashlib.sha256()
    files = {
        path.relative_to(include()).as_posix(): path
        for folder, pattern in _DECIDING
        for path in include(folder).rglob(pattern)
        if path.is_file()
    }
    files |= {
        f"expectations/{path.relative_to(expectations()).as_posix()}": path
        for path in expectations().rglob("*")
        if path.is_file()
    }
    for name, path in sorted(files.items()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{name}\n{content}\n".encode())
    return digest.hexdigest()


def inputs_hash(
    province: str,
    month: CoverageMonth,
    submissions: Iterable[StagedFile],
    person_key: PersonKey,
    decisions: Iterable[Decision] = (),
) -> str:
    """Fingerprint of everything that decides the reconciled tables of a month.

    Numbers of attempts, receipt times and the order of arrival are no part of it: the
    same files give the same hash on another day and in another order.

    Args:
        province: two-digit code.
        month: coverage month.
        submissions: those in force, reference files included, in any order.
        person_key: key of the pseudonym; only its id enters.
        decisions: of stewards, one per pair; who decided and when is no part of it.

    Returns:
        64 hexadecimal digits.
    """
    lines = [
        f"cakupan {version('cakupan')}",
        f"province {province}",
        f"month {month}",
        f"person key {person_key.key_id}",
        f"shipped {shipped_sha256()}",
    ]
    lines += sorted(
        f"{found.slot} {found.sha256} {found.staged_sha256 or '-'}"
        for found in submissions
    )
    lines += sorted(f"decision {one.pair_id} {one.decision}" for one in decisions)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
