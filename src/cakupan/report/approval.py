"""What was decided about a release, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from cakupan.core import names
from cakupan.core.due import own_zone
from cakupan.publish.approval import RELEASED
from cakupan.report.cells import date

#: Hours from UTC to the name of the time of day in Indonesia.
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}


def said_of(row: Mapping[str, Any], province: str, *, has_note: bool = False) -> str:
    """A sentence about a row of ``mart.releases``: draft or released, who and when.

    The note of a decision is for the province's own people: with ``has_note`` only.
    """
    when = instant(row["decided_at"], province) if row["decided_at"] else ""
    checksum = f"Sidik berkas rilis (SHA-256): {row['files_sha256']}."
    match row["approval"]:
        case "approved":
            note = f" Catatan: {row['decision_note']}." if row["decision_note"] else ""
            said = f"Disetujui {row['decided_by_name']}, {when}."
            return f"{said}{note if has_note else ''} {checksum}"
        case "rejected":
            said = f"DRAF, ditolak {row['decided_by_name']}, {when}"
            return f"{said}: {row['decision_note']}." if has_note else f"{said}."
        case "not_required":
            return f"Dilepas tanpa persetujuan, {when}." + (
                f" {checksum}" if row["files_sha256"] else ""
            )
        case _:
            return "DRAF, menunggu persetujuan: jangan diteruskan."


def short(row: Mapping[str, Any], province: str) -> str:
    """The same for a cell of a table."""
    words = names.APPROVALS[row["approval"]]
    if row["approval"] not in RELEASED:
        words = f"draf, {words}"
    if row["decided_by_name"]:
        words += f" {row['decided_by_name']}"
    if row["decided_at"]:
        words += f", {instant(row['decided_at'], province)}"
    if row["approval"] == "rejected":
        words += f": {row['decision_note']}"
    return words


def instant(at: dt.datetime, province: str) -> str:
    """``1 September 2026 pukul 09.30 WITA``, in the local time of the province."""
    local = at.astimezone(own_zone(province))
    offset = local.utcoffset() or dt.timedelta()
    zone = _ZONES.get(int(offset.total_seconds() // 3600), "")
    return f"{date(local.date())} pukul {local:%H.%M} {zone}".strip()
