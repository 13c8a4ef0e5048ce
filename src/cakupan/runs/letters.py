"""What is due to be mailed about a month: to whom, and what it says.

A letter has one recipient. Its id follows from its content and that address: the release
(of a report), or the scorecard of the regency and its corrections. What stays the same
is never sent again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from cakupan.core import areas
from cakupan.core.area import AreaCode
from cakupan.core.context import Context
from cakupan.core.month import CoverageMonth
from cakupan.core.schema.mart import monthly_reporting
from cakupan.publish import queries
from cakupan.report.build import build_report
from cakupan.report.document import Document
from cakupan.report.plain import plain
from cakupan.runs.corrections import Correction, to_correct
from cakupan.runs.months import is_published

Kind = Literal["report", "public", "regency"]

#: A release is mailed within so many days of its decision; older ones only by name.
NEWS_DAYS = 30


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is due.

    Attributes:
        kind: the internal report, its public edition, or the mail to a regency.
        province: two-digit code.
        area: the province, or the regency written to.
        month: coverage month.
        recipient: address.
        release: what the report or scorecard is of; ``None`` for corrections only.
        scorecard: of the regency; ``None`` for a province or while it is a draft.
        corrections: submissions the regency has to look at.
        content: fingerprint of what it says.
    """

    kind: Kind
    province: str
    area: str
    month: CoverageMonth
    recipient: str
    release: queries.Release | None
    scorecard: Document | None
    corrections: tuple[Correction, ...]
    content: str

    @property
    def delivery_id(self) -> str:
        """Fingerprint of the content and the recipient."""
        return _sha256([self.kind, self.area, str(self.month), self.recipient.lower(),
                        self.content])  # fmt: skip

    @property
    def label(self) -> str:
        """How a data engineer recognises it; no full address."""
        name = {"report": "laporan", "public": "laporan publik"}.get(self.kind, "rapor")
        return f"{name} {self.area} {self.month} {masked(self.recipient)}"


@dataclass(frozen=True, slots=True)
class Due:
    """What is due about a month.

    Attributes:
        letters: in a fixed order.
        notes: what cannot be sent to anybody, in words.
    """

    letters: tuple[Letter, ...]
    notes: tuple[str, ...]


def letters_of(
    context: Context,
    province: str,
    month: CoverageMonth,
    now: dt.datetime,
    *,
    is_asked: bool = False,
) -> Due:
    """The letters of a month whose release rests on today's files; none while it is not.

    A report or scorecard is due once its release is released, and approved, final or
    past the due dates: what trickles in before is not mailed file by file.

    Args:
        context: settings, store and warehouse.
        province: two-digit code.
        month: coverage month.
        now: decides about due dates and age.
        is_asked: a person asked for this month: its age does not matter.
    """
    if not is_published(context, province, month):
        return Due((), ())
    release = _mailable(context, province, month, now, is_asked=is_asked)
    found: list[Letter] = []
    if release is not None:
        for kind, addresses in (
            ("report", context.settings.report_to),
            ("public", context.settings.report_public_to),
        ):
            found += [
                Letter(
                    "report" if kind == "report" else "public", province, province,
                    month, address, release, None, (), release.release_id,
                )
                for address in addresses
            ]  # fmt: skip
    if not context.settings.mail_areas:
        return Due(tuple(found), ())
    notes = [
        f"{code} dalam CAKUPAN_MAIL_AREAS bukan kabupaten/kota: tidak ada surel"
        for code in dict.fromkeys(code for code, _ in context.settings.mail_areas)
        if code[:2] == province and code not in areas.regencies(province)
    ]
    corrections = to_correct(context, province, month) if is_asked or _is_recent(
        context, province, month, now
    ) else {}  # fmt: skip
    for area in areas.regencies(province):
        known = [to for code, to in context.settings.mail_areas if code == area]
        own = tuple(one for one in corrections.get(area, ()) if one.is_for_the_area)
        if release is None and not own:
            continue
        if not known:
            notes.append(
                f"{area} {areas.name_of(area)} {month}: tidak ada alamat surel"
            )
            continue
        found += _to_regency(context, province, area, month, known, release, own)
    return Due(tuple(found), tuple(notes))


def masked(address: str) -> str:
    """``k***@kukar.go.id``: enough to find the entry, not enough to write to it."""
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}"


def _to_regency(
    context: Context,
    province: str,
    area: str,
    month: CoverageMonth,
    addresses: list[str],
    release: queries.Release | None,
    own: tuple[Correction, ...],
) -> Iterator[Letter]:
    card = None
    if release is not None:
        card = build_report(context.engine, AreaCode(area), month, "internal", release)
    content = _sha256(
        [
            plain(card)["sections"] if card else None,
            [one.submission_id for one in own],
        ]
    )
    for address in addresses:
        yield Letter(
            "regency", province, area, month, address, release, card, own, content
        )


def _mailable(
    context: Context,
    province: str,
    month: CoverageMonth,
    now: dt.datetime,
    *,
    is_asked: bool,
) -> queries.Release | None:
    release = queries.latest_released(context.engine, province, month)
    if release is None:
        return None
    approval = queries.approval_of(context.engine, release.release_id)
    decided = approval.decided_at or now
    if not is_asked and now - decided > dt.timedelta(days=NEWS_DAYS):
        return None
    if approval.state == "approved" or release.status == "final":
        return release
    return release if _is_past_due(context, release, now) else None


def _is_past_due(context: Context, release: queries.Release, now: dt.datetime) -> bool:
    table = monthly_reporting
    query = (
        sa.select(sa.func.max(table.c.due_at))
        .where(table.c.release_id == release.release_id)
        .where(table.c.is_expected)
    )
    with context.engine.connect() as connection:
        last: dt.datetime | None = connection.scalar(query)
    return last is None or last < now


def _is_recent(
    context: Context, province: str, month: CoverageMonth, now: dt.datetime
) -> bool:
    """Whether a release of the month was made lately: old corrections are no news."""
    release = queries.current_release(context.engine, province, month)
    return release is not None and now - release.released_at <= dt.timedelta(
        days=NEWS_DAYS
    )


def _sha256(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
