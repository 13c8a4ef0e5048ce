"""Publishing a month: immutable, named by its content, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from cakupan.core import ledger
from cakupan.core.context import Context
from cakupan.core.copy import copy_arrow
from cakupan.core.database import database_errors
from cakupan.core.errors import InvariantBroken
from cakupan.core.month import CoverageMonth
from cakupan.core.schema import ops
from cakupan.core.schema.mart import PUBLISHED
from cakupan.core.slices import writing
from cakupan.core.store.base import ObjectStore
from cakupan.publish.content import ReleaseContent, read_content
from cakupan.publish.differences import note_changes
from cakupan.publish.files import CHECKSUMS, write_files
from cakupan.publish.marts import compute_marts

#: What the marts need of the ledger.
SUBMISSION_SCHEMA = pa.schema(
    [
        ("submission_id", pa.string()),
        ("dataset", pa.string()),
        ("area_code", pa.string()),
        ("province_code", pa.string()),
        ("coverage_month", pa.date32()),
        ("attempt", pa.int32()),
        ("revision", pa.int32()),
        ("state", pa.string()),
        ("received_at", pa.timestamp("us", tz="UTC")),
        ("is_nil", pa.bool_()),
        ("received_count", pa.int32()),
        ("accepted_count", pa.int32()),
        ("quarantined_count", pa.int32()),
        ("rejected_count", pa.int32()),
    ]
)


@dataclass(frozen=True, slots=True)
class Published:
    """How publishing a month ended.

    Attributes:
        release_id: the release that is current now.
        status: ``final`` or ``provisional``.
        completeness_pct: reports present of expected, percent.
        files_prefix: where its files are in the object store.
        is_new: a release with this content did not exist before.
        is_changed: another release was current before.
    """

    release_id: str
    status: str
    completeness_pct: Decimal
    files_prefix: str
    is_new: bool
    is_changed: bool


def publish_month(
    context: Context,
    province: str,
    month: CoverageMonth,
    *,
    generation: int,
    inputs_hash: str,
    slice_hash: str,
    reconciled: Mapping[str, Path],
    inputs: Iterable[str],
    folder: Path,
) -> Published:
    """Compute, check and release a month.

    The files are stored first, under a name that follows from their content; then one
    transaction writes the tables, the release and the pointer to it. A process killed
    between leaves files nobody refers to, and the next run finds them in place.
    The same content as the current release changes nothing; the content of an older one
    makes that release current again. What it moves against the release it takes the
    place of is written with it (``mart.release_differences``, ``release_movements``).

    Args:
        context: store and warehouse.
        province: two-digit Kemendagri code.
        month: coverage month.
        generation: claimed for stage ``publish``.
        inputs_hash: fingerprint of what was reconciled.
        slice_hash: fingerprint of that and of how every file of the month ended.
        reconciled: Parquet file by table, see :func:`compute_marts`.
        inputs: submissions the numbers rest on.
        folder: empty scratch folder.

    Raises:
        InvariantBroken: a number would contradict another; nothing is published.
        StaleWriter: another run has taken the month over; nothing is published.
        OperationalError: store or database is away; nothing is published.
    """
    marts = folder / "marts"
    marts.mkdir()
    submissions = submissions_of(context, province, month)
    compute_marts(context.settings, province, month, reconciled, submissions, marts)
    content = read_content(province, month, marts, reconciled["participation"])
    with database_errors(), context.engine.connect() as connection:
        is_known = _is_known(connection, content)
    if not is_known:
        files = folder / "files"
        files.mkdir()
        store_files(context.store, content, write_files(content, files))
    with writing(
        context.engine, province, month, "publish", generation, slice_hash
    ) as connection:
        before = connection.scalar(
            sa.select(ops.current_releases.c.release_id)
            .where(ops.current_releases.c.province_code == province)
            .where(ops.current_releases.c.coverage_month == month.first_day)
        )
        is_new = not _is_known(connection, content)
        if is_new:
            _insert_release(connection, content, before, inputs_hash, inputs)
            _insert_tables(connection, content.release_id, marts)
        if before != content.release_id:
            _point_to(connection, content)
            if before is not None:
                note_changes(
                    connection, context, content.release_id, before, reconciled
                )
    return Published(
        release_id=content.release_id,
        status=content.status,
        completeness_pct=content.completeness_pct,
        files_prefix=content.files_prefix,
        is_new=is_new,
        is_changed=before != content.release_id,
    )


def submissions_of(context: Context, province: str, month: CoverageMonth) -> pa.Table:
    """What the marts need of the ledger of a month, as :data:`SUBMISSION_SCHEMA`."""
    rows = ledger.submissions_table(context.engine, province, month)
    return pa.Table.from_pylist(
        [{name: row[name] for name in SUBMISSION_SCHEMA.names} for row in rows],
        schema=SUBMISSION_SCHEMA,
    )


def store_files(
    store: ObjectStore, content: ReleaseContent, paths: Iterable[Path]
) -> None:
    """Put the files of a release that is not in the warehouse yet.

    A file that is already there was left by a run that was killed; when its bytes
    differ (another version of Cakupan wrote it), it is replaced: nobody has referred to
    it yet.
    The checksums come last.
    """
    for path in sorted(paths, key=lambda path: (path.name == CHECKSUMS, path.name)):
        key = content.files_prefix + path.name
        if store.put(key, path, if_absent=True):
            continue
        if store.read(key) != path.read_bytes():
            store.put(key, path)


def _is_known(connection: sa.Connection, content: ReleaseContent) -> bool:
    found = connection.scalar(
        sa.select(ops.releases.c.content_sha256).where(
            ops.releases.c.release_id == content.release_id
        )
    )
    if found is not None and found != content.sha256:
        raise InvariantBroken(
            "RELEASE_ID_TAKEN",
            f"Release {content.release_id} exists with another content.",
            "Two contents share the first 12 digits of their fingerprint; report this.",
        )
    return found is not None


def _insert_release(
    connection: sa.Connection,
    content: ReleaseContent,
    before: str | None,
    inputs_hash: str,
    inputs: Iterable[str],
) -> None:
    table = ops.releases
    last = connection.scalar(
        sa.select(sa.func.max(table.c.sequence))
        .where(table.c.province_code == content.province)
        .where(table.c.coverage_month == content.month.first_day)
    )
    connection.execute(
        table.insert().values(
            release_id=content.release_id,
            province_code=content.province,
            coverage_month=content.month.first_day,
            sequence=(last or 0) + 1,
            status=content.status,
            expected_count=content.expected_count,
            present_count=content.present_count,
            completeness_pct=content.completeness_pct,
            content_sha256=content.sha256,
            inputs_hash=inputs_hash,
            files_prefix=content.files_prefix,
            released_at=sa.func.now(),
            supersedes=before,
        )
    )
    used = sorted(set(inputs))
    if used:
        connection.execute(
            ops.release_inputs.insert(),
            [
                {"release_id": content.release_id, "submission_id": each}
                for each in used
            ],
        )


def _insert_tables(connection: sa.Connection, release_id: str, marts: Path) -> None:
    for name, schema in PUBLISHED.items():
        table = pq.read_table(marts / f"{name}.parquet")
        release = pa.array([release_id] * table.num_rows, pa.string())
        copy_arrow(
            connection,
            f"{schema.schema}.{schema.name}",
            table.add_column(0, "release_id", release),
        )


def _point_to(connection: sa.Connection, content: ReleaseContent) -> None:
    table = ops.current_releases
    connection.execute(
        insert(table)
        .values(
            province_code=content.province,
            coverage_month=content.month.first_day,
            release_id=content.release_id,
        )
        .on_conflict_do_update(
            index_elements=[table.c.province_code, table.c.coverage_month],
            set_={"release_id": content.release_id},
        )
    )
