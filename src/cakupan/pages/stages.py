"""How far a file has come: landed, noted, checked, loaded, released."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from cakupan.core.schema import ops
from cakupan.landing.revisions import key_fingerprint
from cakupan.publish.reading import selected

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of a file.

    Attributes:
        title: Indonesian.
        state: ``done``, ``now``, ``stopped`` or ``later``.
        words: what happened, or what is waited for.
        at: when it was done, where that is known.
    """

    title: str
    state: str
    words: str
    at: dt.datetime | None = None


def submission_of_key(engine: sa.Engine, landing_key: str) -> Row | None:
    """The submission last noted for a landing key; ``None`` before the next scan."""
    table = ops.submissions
    query = (
        sa.select(table)
        .where(table.c.landing_key_sha256 == key_fingerprint(landing_key))
        .order_by(table.c.landing_number.desc())
        .limit(1)
    )
    found = selected(engine, query).as_dicts()
    return found[0] if found else None


def steps_of(engine: sa.Engine, found: Row | None) -> list[Step]:
    """The stages of a file.

    Args:
        engine: the warehouse.
        found: its row of ``ops.submissions``; ``None`` when it was just sent.
    """
    if found is None:
        return [
            Step("Mendarat", "done", "berkas ada di area pendaratan"),
            Step("Dicatat", "now", "menunggu pencatatan, kira-kira satu menit"),
            *_later("Diperiksa", "Dimuat", "Dirilis"),
        ]
    steps = [
        Step("Mendarat", "done", "berkas diterima", found["received_at"]),
        Step("Dicatat", "done", found["submission_id"]),
    ]
    state = found["state"]
    if state == "received":
        waiting = Step("Diperiksa", "now", "sedang menunggu giliran atau diperiksa")
        return [*steps, waiting, *_later("Dimuat", "Dirilis")]
    if state != "accepted":
        words = (
            f"isinya sama dengan {found['duplicate_of']}; tidak diolah lagi"
            if state == "duplicate"
            else "ditolak: perbaiki lalu kirim lagi; tidak ada baris yang dipakai"
        )
        return [
            *steps,
            Step("Diperiksa", "stopped", words, found["processed_at"]),
            *_later("Dimuat", "Dirilis"),
        ]
    steps.append(Step("Diperiksa", "done", "diterima", found["processed_at"]))
    loaded = _loaded_at(engine, found)
    if loaded is None:
        words = "menunggu gudang data menghitung bulan ini"
        return [*steps, Step("Dimuat", "now", words), *_later("Dirilis")]
    steps.append(Step("Dimuat", "done", "gudang data memuat bulan ini", loaded))
    release = _release_of(engine, found)
    if release is None:
        return [*steps, Step("Dirilis", "now", "menunggu rilis bulan ini")]
    words = f"dipakai dalam rilis {release['release_id']}"
    return [*steps, Step("Dirilis", "done", words, release["released_at"])]


def _later(*titles: str) -> list[Step]:
    return [Step(title, "later", "belum") for title in titles]


def _loaded_at(engine: sa.Engine, found: Row) -> dt.datetime | None:
    """When the month was loaded after the file was checked."""
    table = ops.slices
    query = (
        sa.select(table.c.loaded_at)
        .where(table.c.province_code == found["province_code"])
        .where(table.c.coverage_month == found["coverage_month"])
        .where(table.c.stage == "warehouse")
    )
    if found["processed_at"] is not None:
        query = query.where(table.c.loaded_at >= found["processed_at"])
    rows = selected(engine, query).rows
    return rows[0][0] if rows else None


def _release_of(engine: sa.Engine, found: Row) -> Row | None:
    """The latest release of its month that uses the file."""
    table, used = ops.releases, ops.release_inputs
    query = (
        sa.select(table.c.release_id, table.c.released_at)
        .join(used, used.c.release_id == table.c.release_id)
        .where(used.c.submission_id == found["submission_id"])
        .where(table.c.coverage_month == found["coverage_month"])
        .order_by(table.c.sequence.desc())
        .limit(1)
    )
    rows = selected(engine, query).as_dicts()
    return rows[0] if rows else None
