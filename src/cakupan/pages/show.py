"""Templates to pages: every text is escaped, figures are written as in the report."""

from __future__ import annotations

import datetime as dt
from contextvars import ContextVar
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cakupan.core import names
from cakupan.core.due import zone_of
from cakupan.core.errors import CakupanError
from cakupan.core.month import CoverageMonth
from cakupan.core.resources import include
from cakupan.core.settings import DEFAULT_TIMEZONE
from cakupan.pages.access import Right, Visitor
from cakupan.pages.desk import desk_of
from cakupan.pages.guard import LoginNeeded, visitor_of
from cakupan.publish.wording import TITLES
from cakupan.report.cells import Cell, Value, date
from cakupan.report.revisions import row_in_words, title_of, value_of

ROLE_NAMES = {
    "regency": "petugas kabupaten/kota",
    "analyst": "analis",
    "steward": "pemegang data",
    "engineer": "pengelola sistem",
}

#: Local time of the page that is being made.
_ZONE: ContextVar[str] = ContextVar("zone", default=DEFAULT_TIMEZONE)

#: Pages of the menu: path below the mount, title, right.
MENU = (
    ("", "Cakupan", Right.SEE),
    ("pelaporan", "Pelaporan", Right.SEE),
    ("unggah", "Unggah", Right.SEND),
    ("temuan", "Temuan", Right.SEE),
    ("tinjauan", "Tinjauan", Right.NAMES),
    ("pelepasan", "Pelepasan", Right.SEE),
)


def page(
    request: Request, template: str, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page for the visitor of a request.

    Args:
        request: already past the guard.
        template: file below ``include/pages``.
        status: HTTP status.
        **values: for the template; texts are escaped there.
    """
    visitor = visitor_of(request)
    _ZONE.set(zone_of(visitor.areas[0][:2], desk_of(request).context.settings).key)
    return _rendered(
        template,
        status,
        root=root_of(request),
        visitor=visitor,
        role=ROLE_NAMES[visitor.role],
        menu=[(path, title) for path, title, right in MENU if visitor.may(right)],
        here=request.scope["path"].removeprefix(root_of(request)).split("/")[0],
        **values,
    )


#: Errors of commands, as a page says them: message and what to do.
_SAID = {
    "AREA_INVALID": (
        "Kode wilayah tidak dikenal.",
        "Tulis kode Kemendagri dengan titik, misalnya 64.02.",
    ),
    "MONTH_INVALID": ("Bulan tidak dikenal.", "Tulis TAHUN-BULAN, misalnya 2026-09."),
    "NOTHING_PUBLISHED": (
        "Tidak ada angka yang dirilis untuk pilihan ini.",
        "Pilih bulan, wilayah, segmen atau definisi lain.",
    ),
    "DATASET_UNKNOWN": ("Dataset tidak dikenal.", "Pilih dari daftar."),
    "SUBMISSION_UNKNOWN": ("Tidak ada kiriman dengan nomor itu.", "Lihat Pelaporan."),
    "REVIEW_PAIR_UNKNOWN": (
        "Tidak ada pasangan dengan nomor itu pada bulan dan wilayah ini.",
        "Lihat Tinjauan.",
    ),
    "REVIEW_DECISION_UNKNOWN": ("Keputusan tidak dikenal.", "Pilih Sama, Beda, Ragu."),
    "STEWARD_RIGHT_MISSING": (
        "Pemasangan ini tidak memberi hak membaca nama.",
        "Minta pengelola sistem mengisi CAKUPAN_STEWARD_URL.",
    ),
    "RELEASE_UNKNOWN": ("Tidak ada rilis dengan nomor itu.", "Lihat Pelepasan."),
    "RELEASES_OF_DIFFERENT_MONTHS": (
        "Kedua rilis bukan dari provinsi dan bulan yang sama.",
        "Bandingkan rilis dari satu bulan.",
    ),
    "FILE_TEMPORARY": (
        "Nama berkas ini seperti berkas sementara sebuah program.",
        "Beri nama lain, atau kirim berkas aslinya.",
    ),
}


def error_page(request: Request, status: int, error: CakupanError) -> HTMLResponse:
    """An error as a message with its code; also for who is not let in."""
    visitor: Visitor | None = request.scope.get("cakupan_visitor")
    said = _SAID.get(error.code, (error.message, error.hint))
    return _rendered(
        "error.html",
        status,
        root=root_of(request),
        visitor=visitor,
        role=ROLE_NAMES[visitor.role] if visitor else "",
        menu=[
            (path, title)
            for path, title, right in MENU
            if visitor and visitor.may(right)
        ],
        here="-",
        code=error.code,
        message=said[0],
        hint=said[1],
        login_url=error.login_url if isinstance(error, LoginNeeded) else "",
    )


def root_of(request: Request) -> str:
    """Path the pages are mounted on, with a slash at its end."""
    return f"{request.scope.get('root_path', '')}/"


def link(path: str, **query: object) -> str:
    """A path with the parts of a query that have a value."""
    chosen = {name: str(value) for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(chosen)}" if chosen else path


def _rendered(template: str, status: int, **values: Any) -> HTMLResponse:
    text = _templates().get_template(template).render(**values)
    return HTMLResponse(text, status_code=status)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(include("pages")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "count": lambda value: str(Cell(value, "count")),
        "pct": lambda value: str(Cell(value, "pct")),
        "rupiah": lambda value: str(Cell(value, "rupiah")),
        "figure": _figure,
        "day": lambda value: str(Cell(value, "date")),
        "moment": _moment,
        "month": lambda value: CoverageMonth.of(value).in_words,
    }
    made.globals |= {
        "link": link,
        "area_name": names.area,
        "short_area": names.short_area,
        "dataset_title": names.dataset,
        "definition_name": names.definition,
        "release_states": names.RELEASE_STATES,
        "table_title": lambda table: TITLES.get(table, table),
        "measure_title": title_of,
        "measured": value_of,
        "row_in_words": row_in_words,
    }
    return made


def _figure(value: Value | dt.datetime | bool) -> str:
    """Any value of a row of the warehouse."""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, dt.datetime):
        return _moment(value)
    if isinstance(value, int | Decimal):
        return str(Cell(value, "count"))
    return str(Cell(value, "date" if isinstance(value, dt.date) else "text"))


def _moment(value: dt.datetime | None) -> str:
    """``1 September 2026 23.59 WITA``, in the local time of the visitor's province."""
    if value is None:
        return str(Cell(None))
    there = value.astimezone(ZoneInfo(_ZONE.get()))
    return f"{date(there.date())} {there:%H.%M} {there:%Z}"
