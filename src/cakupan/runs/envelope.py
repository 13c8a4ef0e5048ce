"""A letter as a message: Indonesian words, attachments, links for what is large."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import sqlalchemy as sa

from cakupan.core import areas, names
from cakupan.core.context import Context
from cakupan.core.contracts import DATASETS, contract
from cakupan.core.schema.mart import monthly_reporting
from cakupan.publish import queries
from cakupan.publish.reading import selected
from cakupan.report.approval import said_of
from cakupan.report.cells import number
from cakupan.report.files import write_report
from cakupan.runs.corrections import write_correction
from cakupan.runs.letters import Letter
from cakupan.runs.reports import has_links, keep_public, keep_report, link_of

#: Kinds of findings of one file a letter lists; the workbook holds all.
MOST_FINDINGS = 8

#: Base64 makes four letters of three bytes.
_GROWS = 4 / 3

_TYPES = {
    ".pdf": ("application", "pdf"),
    ".xlsx": (
        "application",
        "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


def message_of(
    context: Context, letter: Letter, folder: Path, now: dt.datetime
) -> EmailMessage:
    """The message of a letter.

    Headers hold names and codes of ours only: no word of a sender gets into them, and
    the library refuses a line break in any.

    Args:
        context: settings, store and warehouse.
        letter: what is due.
        folder: scratch folder for its attachments.
        now: date of the message.
    """
    settings = context.settings
    name = areas.name_of(letter.area) or letter.area
    message = EmailMessage()
    message["Subject"] = _subject(letter, name)
    message["From"] = settings.mail_from
    message["To"] = letter.recipient
    message["Date"] = format_datetime(now)
    # the same letter has the same number: whoever gets it twice can tell
    host = settings.mail_from.rpartition("@")[2]
    message["Message-ID"] = f"<{letter.delivery_id[:40]}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    keys = _report_keys(context, letter)
    files = [*_stored(context, keys, folder), *_written(context, letter, folder)]
    kept, left = _fitting(files, settings.mail_limit_bytes)
    lines = _words(context, letter, name)
    links = [f"  {link_of(settings, key)}" for key in keys if has_links(settings)]
    if left:
        links += [f"  {link_of(settings, _lay_down(context, letter, one))}"
                  for one in left if one.name not in _names(keys)]  # fmt: skip
        lines += ["", "Lampiran yang terlalu besar dapat diambil dari tautan di bawah."]
    if links:
        lines += ["", "Tautan:", *links]
    lines += ["", "Surel ini dikirim otomatis oleh Cakupan."]
    message.set_content("\n".join(lines))
    message["Content-Language"] = "id"
    for path in kept:
        main, sub = _TYPES[path.suffix]
        message.add_attachment(
            path.read_bytes(), maintype=main, subtype=sub, filename=path.name
        )
    return message


def _subject(letter: Letter, name: str) -> str:
    words = {
        "report": "Laporan cakupan jaminan sosial ketenagakerjaan",
        "public": "Laporan cakupan jaminan sosial ketenagakerjaan, edisi publik",
        "regency": "Rapor dan perbaikan data" if letter.scorecard else "Perbaikan data",
    }[letter.kind]
    return f"[Cakupan] {words}, {name}, {letter.month.in_words}"


def _report_keys(context: Context, letter: Letter) -> list[str]:
    if letter.release is None or letter.kind == "regency":
        return []
    if letter.kind == "public":
        return [keep_public(context, letter.release)]
    return [
        keep_report(context, letter.province, letter.month, letter.release.release_id)
    ]


def _names(keys: list[str]) -> set[str]:
    return {key.rpartition("/")[2] for key in keys}


def _stored(context: Context, keys: list[str], folder: Path) -> list[Path]:
    paths = []
    for key in keys:
        path = folder / key.rpartition("/")[2]
        path.write_bytes(context.store.read(key))
        paths.append(path)
    return paths


def _written(context: Context, letter: Letter, folder: Path) -> list[Path]:
    """The scorecard and the correction workbooks of a regency."""
    paths = []
    if letter.scorecard is not None:
        for kind in (".pdf", ".xlsx"):
            path = folder / f"rapor-{letter.area}-{letter.month}{kind}"
            write_report(letter.scorecard, path)
            paths.append(path)
    for one in letter.corrections:
        if one.has_workbook:
            path = folder / f"perbaikan-{one.submission_id}.xlsx"
            write_correction(context, one.submission_id, path, with_rows=one.is_own)
            paths.append(path)
    return paths


def _fitting(files: list[Path], limit: int) -> tuple[list[Path], list[Path]]:
    """Which attachments fit below the limit, in order, and which do not."""
    kept: list[Path] = []
    left: list[Path] = []
    room = float(limit)
    for path in files:
        size = path.stat().st_size * _GROWS
        if size <= room:
            room -= size
            kept.append(path)
        else:
            left.append(path)
    return kept, left


def _lay_down(context: Context, letter: Letter, path: Path) -> str:
    """Put what is too large into the restricted part of the store; its key."""
    key = f"deliveries/{letter.area}/{letter.month}/{letter.delivery_id}/{path.name}"
    context.store.put(key, path)
    return key


def _words(context: Context, letter: Letter, name: str) -> list[str]:
    lines = [f"{name}, {letter.month.in_words}", ""]
    if letter.release is not None:
        row = next(
            row
            for row in queries.releases(context.engine, letter.month).as_dicts()
            if row["release_id"] == letter.release.release_id
        )
        lines += [
            f"Rilis {letter.release.release_id} "
            f"({names.RELEASE_STATES[row['status']]}, "
            f"{row['present_count']} dari {row['expected_count']} laporan wajib).",
            said_of(row, letter.province, has_note=letter.kind == "report"),
        ]
    if letter.kind == "report":
        lines += ["Laporan internal terlampir. Jangan diteruskan ke umum: angka kecil "
                  "tidak disamarkan."]  # fmt: skip
    elif letter.kind == "public":
        lines += ["Edisi publik terlampir; angka kecil disamarkan."]
    else:
        lines += _regency_words(letter, _missing(context, letter))
    return lines


def _missing(context: Context, letter: Letter) -> list[str]:
    """Titles of the reports a release expected from the regency and does not have."""
    if letter.release is None:
        return []
    table = monthly_reporting
    query = (
        sa.select(table.c.dataset)
        .where(table.c.release_id == letter.release.release_id)
        .where(table.c.area_code == letter.area)
        .where(table.c.is_expected)
        .where(table.c.state == "missing")
    )
    missing = {row[0] for row in selected(context.engine, query).rows}
    return [
        contract(name).title
        for name in DATASETS
        if name in missing and not contract(name).is_of_others
    ]


def _regency_words(letter: Letter, missing: list[str]) -> list[str]:
    lines = []
    if letter.scorecard is not None:
        lines.append("Rapor satu halaman wilayah Anda terlampir (PDF, dan XLSX berisi "
                     "angka yang sama beserta kecamatan).")  # fmt: skip
    else:
        lines.append("Rapor menyusul setelah rilis bulan ini dilepas.")
    if missing:
        lines += ["", "Belum ada dari wilayah Anda, mohon dikirim:"]
        lines += [f"  - {title}" for title in missing]
    if not letter.corrections:
        if not missing:
            lines.append("Tidak ada yang perlu diperbaiki.")
        return lines
    lines += [
        "",
        "Perlu diperbaiki (buku kerja perbaikan terlampir; RAHASIA, memuat nama dan NIK "
        "orang dalam daftar Anda):",
    ]
    for one in letter.corrections:
        title = contract(one.dataset).title if one.has_workbook else "Berkas"
        state = "DITOLAK" if one.state == "refused" else "diterima"
        lines.append(f"  {title} ({one.submission_id}): {state}")
        lines += [
            f"    - {found.title} ({found.code})"
            + (f", {number(found.row_count)} baris" if found.row_count else "")
            for found in one.findings[:MOST_FINDINGS]
        ]
        if (left := len(one.findings) - MOST_FINDINGS) > 0:
            lines.append(f"    - dan {left} jenis temuan lagi")
        if not one.is_own:
            lines.append(
                "    Isinya milik wilayah lain, jadi barisnya tidak dilampirkan."
            )
    return [
        *lines,
        "",
        "Perbaiki pada buku kerja itu, lalu kirim seperti biasa.",
    ]
