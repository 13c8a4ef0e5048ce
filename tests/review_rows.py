"""Pairs in doubt, both sides invented, for the tests of the review queue."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa

from cakupan.core.area import AreaCode
from cakupan.core.month import CoverageMonth
from cakupan.core.schema.core import review_pairs
from cakupan.core.schema.vault import review_records

HOSTILE = "=cmd|' /C calc'!A0"


def put_pair(
    connection: sa.Connection,
    month: CoverageMonth,
    pair_id: uuid.UUID,
    area: AreaCode,
    name: str = HOSTILE,
) -> None:
    """A pair and both its sides; ``name`` is that of the list."""
    slice_key = {"coverage_month": month.first_day, "province_code": "64"}
    connection.execute(
        sa.insert(review_pairs).values(
            **slice_key,
            pair_id=pair_id,
            area_code=area.code,
            worker_group="rt_rw",
            person_id=uuid.UUID(int=pair_id.int + 100),
            other_id=uuid.UUID(int=pair_id.int + 200),
            link_rule="nik_near",
            probability=pair_id.int / 10,
            evidence="nik=one_edit",
            submission_id="uji",
            source_row=2,
        )
    )
    for side in ("daftar", "bpjs"):
        connection.execute(
            sa.insert(review_records).values(
                **slice_key,
                pair_id=pair_id,
                side=side,
                area_code=area.code,
                nik="6402010203040001",
                name=name if side == "daftar" else "ORANG CONTOH",
                birth_date=dt.date(1980, 3, 4),
            )
        )
