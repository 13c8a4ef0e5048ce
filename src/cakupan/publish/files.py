"""Release files: CSV, Parquet, one workbook, the descriptor and the checksums.

They follow from the content alone: the same release has the same bytes wherever,
whenever and under whatever locale it is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cakupan.core.context import Context
from cakupan.core.errors import InvariantBroken, UsageError
from cakupan.core.month import CoverageMonth
from cakupan.publish.content import (
    ReleaseContent,
    columns_of,
    csv_bytes,
    selection_bytes,
)
from cakupan.publish.datapackage import datapackage_bytes
from cakupan.publish.differences import differences
from cakupan.publish.reading import Release, current_release, release_of
from cakupan.publish.workbook import write_workbook

WORKBOOK = "cakupan.xlsx"
CHECKSUMS = "SHA256SUMS"
DIFFERENCES = "differences.csv"
DESCRIPTOR = "datapackage.json"


def write_files(content: ReleaseContent, target: Path) -> list[Path]:
    """Write all files of a release into an empty folder.

    Args:
        content: the release.
        target: folder, which exists.

    Returns:
        Their paths, the checksums last.
    """
    described: dict[str, bytes] = {}
    named = with_release_id(content)
    for name, table in named.items():
        data = csv_bytes(table)
        described[f"{name}.csv"] = data
        (target / f"{name}.csv").write_bytes(data)
        pq.write_table(
            table,
            target / f"{name}.parquet",
            compression="zstd",
            version="2.6",
            row_group_size=1 << 20,
        )
    write_workbook(content, target / WORKBOOK, target)
    (target / DESCRIPTOR).write_bytes(datapackage_bytes(content, described))
    written = sorted(target.iterdir())
    sums = target / CHECKSUMS
    sums.write_bytes(
        b"".join(f"{_sha256(path)}  {path.name}\n".encode() for path in written)
    )
    return [*written, sums]


def with_release_id(content: ReleaseContent) -> Mapping[str, pa.Table]:
    """The tables as they stand in the files: the release first, area list without."""
    tables = {}
    for name, table in content.tables.items():
        if "release_id" in columns_of(name):
            release = pa.array([content.release_id] * table.num_rows, pa.string())
            table = table.add_column(0, "release_id", release)  # noqa: PLW2901
        tables[name] = table
    return tables


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def export_month(
    context: Context, province: str, month: CoverageMonth, target: Path
) -> list[Path]:
    """Copy the files of the current release of a month to a folder.

    Args:
        context: store and warehouse.
        province: two-digit Kemendagri code.
        month: coverage month.
        target: folder; the files lie in a folder below it named as the release.

    Raises:
        UsageError: the month is not released.
    """
    release = current_release(context.engine, province, month)
    if release is None:
        raise UsageError(
            "NOT_RELEASED",
            f"Month {month} of province {province} has no release.",
            "Run the month first: `cakupan run --month YYYY-MM`.",
        )
    return export_release(context, release.release_id, target)


def export_release(context: Context, release_id: str, target: Path) -> list[Path]:
    """Copy the files of a release, current or not, and check them.

    A release that took the place of another one gets ``differences.csv`` beside them:
    it is about two releases, so it is no part of the content that names the release.

    Args:
        context: store and warehouse.
        release_id: which release.
        target: folder; the files lie in ``<target>/<release_id>``.

    Raises:
        UsageError: there is no such release, or the folder cannot be written to.
        InvariantBroken: a file in the store is not what was released.
    """
    release = release_of(context.engine, release_id)
    folder = target / release_id
    copied = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in checked_files(context, release):
            (folder / name).write_bytes(data)
            copied.append(folder / name)
        if release.supersedes is not None:
            moved = differences(context.engine, release_id)
            (folder / DIFFERENCES).write_bytes(selection_bytes(moved))
            copied.append(folder / DIFFERENCES)
    except OSError as error:
        raise UsageError(
            "FOLDER_NOT_WRITABLE",
            f"Cannot write to {folder} ({type(error).__name__}).",
            "Choose another folder.",
        ) from None
    return copied


def checked_files(context: Context, release: Release) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the files of a release, each checked, the checksums last.

    Raises:
        InvariantBroken: a file in the store is not what was released.
    """
    prefix = release.files_prefix
    names = [found.key.removeprefix(prefix) for found in context.store.list(prefix)]
    if CHECKSUMS not in names:
        raise _damaged(release.release_id, CHECKSUMS)
    lines = context.store.read(prefix + CHECKSUMS).decode().splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    missing = sorted(set(sums) - set(names))
    if missing:
        raise _damaged(release.release_id, missing[0])
    for name in (*sorted(sums), CHECKSUMS):
        data = context.store.read(prefix + name)
        if name in sums and hashlib.sha256(data).hexdigest() != sums[name]:
            raise _damaged(release.release_id, name)
        yield name, data


def _damaged(release_id: str, name: str) -> InvariantBroken:
    return InvariantBroken(
        "RELEASE_FILE_DAMAGED",
        f"File {name} of release {release_id} is not what was released.",
        "Somebody changed or removed it in the object store; restore it from a backup.",
    )
