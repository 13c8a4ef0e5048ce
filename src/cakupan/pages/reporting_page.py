"""Pelaporan: who sent what, when it is due and who is missing. Temuan: what was found."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cakupan.core.area import AreaCode
from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth
from cakupan.pages import findings, reporting
from cakupan.pages.access import Right
from cakupan.pages.desk import asked_area, asked_month, desk_of, needs
from cakupan.pages.guard import visitor_of
from cakupan.pages.show import page
from cakupan.runs.status import shown_submissions

router = APIRouter()

SEVERITIES = {
    "critical": ("✗", "wajib diperbaiki", "bad"),
    "warning": ("!", "perlu diperiksa", "warn"),
    "info": ("i", "informasi", "plain"),
}


@router.get("/pelaporan", dependencies=[needs(Right.SEE)])
def show(request: Request) -> HTMLResponse:
    """The matrix area x dataset of a month."""
    desk = desk_of(request)
    province, months = _asked(request)
    month = asked_month(request, reporting.latest_reported(months, desk.today()))
    found = reporting.matrix_of(
        desk.context,
        desk.ledgers,
        visitor_of(request),
        province,
        month,
        dt.datetime.now(dt.UTC),
    )
    return page(
        request,
        "reporting.html",
        found=found,
        month=month,
        months=months,
        province=province,
        states=reporting.STATES,
    )


@router.get("/temuan", dependencies=[needs(Right.SEE)])
def show_findings(request: Request) -> HTMLResponse:
    """Findings and quarantined rows of a month by code and regency."""
    desk = desk_of(request)
    engine = desk.context.engine
    province, months = _asked(request)
    month = asked_month(
        request, reporting.latest_with_files(engine, province, desk.today())
    )
    visitor = visitor_of(request)
    wanted = [
        submission_id
        for (area, _), submission_id in shown_submissions(
            engine, province, month
        ).items()
        if visitor.covers(area)
    ]
    files = findings.files_of(engine, province, month, wanted)
    return page(
        request,
        "findings.html",
        month=month,
        months=months,
        province=province,
        files=files,
        groups=findings.groups_of(engine, wanted),
        areas=sorted({row["area_code"] for row in files}),
        severities=SEVERITIES,
    )


def _asked(request: Request) -> tuple[str, list[CoverageMonth]]:
    """Province, and the months to choose from.

    Raises:
        UsageError: the area of the request is of no province served.
        AccessRefused: it is not the visitor's.
    """
    told = request.query_params.get("province")
    area = told or asked_area(request)
    province = AreaCode.parse(area).province.code
    visitor = visitor_of(request)
    if province not in {one[:2] for one in visitor.areas}:
        visitor.require(Right.SEE, province)
    desk = desk_of(request)
    if province not in desk.context.settings.provinces:
        raise UsageError("AREA_UNKNOWN", "Provinsi ini tidak dilayani di sini.", "")
    return province, reporting.months_of(desk.context.engine, province, desk.today())
