"""Mailing what is due, once per content and recipient, and trying again what failed.

A delivery is locked while it is sent and noted as sent in the same transaction. Two runs
at once send nothing twice. A process killed between the server's yes and the note sends
that one letter again: a report that arrives twice is better than one that never does,
and both copies have the same Message-ID.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from cakupan.core.context import Context
from cakupan.core.database import database_errors
from cakupan.core.errors import CakupanError, ConfigurationError
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import ops
from cakupan.runs.envelope import message_of
from cakupan.runs.letters import Letter, letters_of, masked
from cakupan.runs.mail import MailRefused, send
from cakupan.runs.months import months_to_run, provinces_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Delivered:
    """How one letter ended in this run.

    Attributes:
        delivery: label of the letter.
        state: ``sent``, ``failed`` (tried again by the next run) or ``refused``.
        code: of the failure, ``None`` when it was sent.
    """

    delivery: str
    state: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of deliveries did.

    Attributes:
        delivered: letters that were tried.
        notes: what could not be sent to anybody.
    """

    delivered: tuple[Delivered, ...]
    notes: tuple[str, ...]

    def as_results(self) -> list[dict[str, Any]]:
        """Plain values for the digest, fit for XCom."""
        return [asdict(one) for one in self.delivered] + [
            {"note": note} for note in self.notes
        ]

    def failures(self) -> list[str]:
        """Labels with code of what did not arrive."""
        return [
            f"{one.delivery}: {one.code}"
            for one in self.delivered
            if one.state != "sent"
        ]


def deliver(
    context: Context,
    months: Iterable[CoverageMonth] | None = None,
    now: dt.datetime | None = None,
    *,
    refused_too: bool = False,
) -> Outcome:
    """Mail every letter that is due and was not sent.

    Args:
        context: settings, store and warehouse.
        months: only these, however old; every recent one when ``None``.
        now: the clock when ``None``.
        refused_too: try again what the server refused for good.

    Raises:
        ConfigurationError: no mail server is configured.
    """
    if not context.settings.smtp_url:
        raise ConfigurationError(
            "MAIL_NOT_CONFIGURED",
            "CAKUPAN_SMTP_URL is not set.",
            "Give the address of the mail server, e.g. smtps://user:password@host.",
        )
    moment = now or dt.datetime.now(dt.UTC)
    done: list[Delivered] = []
    notes: list[str] = []
    for month in sorted(months) if months is not None else months_to_run(context):
        for province in provinces_of(context, month):
            due = letters_of(
                context, province, month, moment, is_asked=months is not None
            )
            results = [
                _deliver(context, letter, moment, refused_too=refused_too)
                for letter in due.letters
            ]
            done += [one for one in results if one is not None]
            notes += due.notes
    return Outcome(tuple(done), tuple(notes))


def _deliver(
    context: Context, letter: Letter, now: dt.datetime, *, refused_too: bool
) -> Delivered | None:
    """Send a letter unless that is done, in hand elsewhere or pointless."""
    table = ops.deliveries
    _announce(context, letter, now)
    open_states = ["pending", "failed", *(["refused"] if refused_too else [])]
    with database_errors(), context.engine.begin() as connection:
        waiting = connection.scalar(
            sa.select(table.c.delivery_id)
            .where(table.c.delivery_id == letter.delivery_id)
            .where(table.c.state.in_(open_states))
            .with_for_update(skip_locked=True)
        )
        if waiting is None:
            return None
        found = _try(context, letter, now)
        connection.execute(
            table.update()
            .where(table.c.delivery_id == letter.delivery_id)
            .values(
                state=found.state,
                code=found.code,
                attempt_count=table.c.attempt_count + 1,
                tried_at=now,
                sent_at=now if found.state == "sent" else None,
            )
        )
    return found


def _announce(context: Context, letter: Letter, now: dt.datetime) -> None:
    release = letter.release
    with database_errors(), context.engine.begin() as connection:
        connection.execute(
            insert(ops.deliveries)
            .values(
                delivery_id=letter.delivery_id,
                kind=letter.kind,
                area_code=letter.area,
                coverage_month=letter.month.first_day,
                release_id=release.release_id if release else None,
                submissions=[one.submission_id for one in letter.corrections],
                recipient=masked(letter.recipient),
                state="pending",
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=[ops.deliveries.c.delivery_id])
        )


def _try(context: Context, letter: Letter, now: dt.datetime) -> Delivered:
    try:
        with context.scratch("letter") as folder:
            message = message_of(context, letter, folder, now)
            send(context.settings, message, is_restricted=letter.kind != "public")
    except MailRefused as error:
        logger.error("%s: %s", letter.label, error)
        return Delivered(letter.label, "refused", error.code)
    except CakupanError as error:
        logger.error("%s: %s", letter.label, error)
        return Delivered(letter.label, "failed", error.code)
    logger.info("%s: sent", letter.label)
    return Delivered(letter.label, "sent")
