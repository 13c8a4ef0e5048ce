"""What the routes share: settings, store and a reading login of the warehouse."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request

from cakupan.core import areas
from cakupan.core.area import AreaCode
from cakupan.core.context import Context
from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth
from cakupan.pages.access import Right
from cakupan.pages.guard import visitor_of
from cakupan.pages.reporting import Ledgers
from cakupan.pages.uploads import Uploads
from cakupan.runs.checking import Checker


@dataclass(frozen=True, slots=True)
class Desk:
    """Handles of one application.

    Attributes:
        context: store, and warehouse as a role that only reads.
        checker: checks files in a process of its own.
        uploads: files that were checked and not sent yet.
        ledgers: the reporting matrix of months asked for before.
    """

    context: Context
    checker: Checker
    uploads: Uploads
    ledgers: Ledgers

    def today(self) -> dt.date:
        """The day in the business time zone."""
        return dt.datetime.now(self.context.settings.tz).date()


def desk_of(request: Request) -> Desk:
    """The handles of the application a request came to."""
    found: Desk = request.app.state.desk
    return found


def needs(right: Right) -> Any:
    """Dependency of a route that needs a right; every route has one."""

    def check(request: Request) -> None:
        visitor_of(request).require(right)

    return Depends(check)


def asked_area(request: Request, right: Right = Right.SEE) -> str:
    """The area of a request; the visitor's own where none is named.

    Raises:
        UsageError: there is no such area.
        AccessRefused: it is not theirs.
    """
    visitor = visitor_of(request)
    told = request.query_params.get("area") or visitor.areas[0]
    area = AreaCode.parse(told).code
    visitor.require(right, area)
    if not (areas.is_known(area) or areas.is_retired(area)):
        raise UsageError(
            "AREA_UNKNOWN", "Tidak ada wilayah dengan kode itu.", "Periksa kodenya."
        )
    return area


def asked_month(request: Request, default: CoverageMonth | None) -> CoverageMonth:
    """The month of a request.

    Raises:
        UsageError: it is not a month, or none is named and there is no default.
    """
    told = request.query_params.get("month")
    if told:
        return CoverageMonth.parse(told)
    if default is None:
        raise UsageError(
            "NOTHING_PUBLISHED",
            "Belum ada bulan yang dirilis.",
            "Unggah laporan dahulu; angka muncul setelah bulan itu dirilis.",
        )
    return default
