"""Pelepasan: releases, their approval, and the differences between two of them."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from cakupan.core.errors import UsageError
from cakupan.core.names import GROUPS, SEGMENTS
from cakupan.pages import releases
from cakupan.pages.access import AccessRefused, Right
from cakupan.pages.desk import asked_area, desk_of, needs
from cakupan.pages.guard import visitor_of
from cakupan.pages.show import page
from cakupan.publish import queries
from cakupan.publish.content import selection_bytes

router = APIRouter()


@router.get("/pelepasan", dependencies=[needs(Right.SEE)])
def show(request: Request) -> HTMLResponse:
    """Every release of the province of a visitor."""
    province = asked_area(request)[:2]
    found = queries.releases_of(desk_of(request).context.engine, province)
    rows = releases.shown(found.as_dicts(), visitor_of(request))
    return page(request, "releases.html", province=province, releases=rows)


@router.get("/selisih", dependencies=[needs(Right.SEE)])
def show_differences(request: Request) -> HTMLResponse:
    """What a release moved against an earlier one of its month."""
    found = _compared(request)
    engine = desk_of(request).context.engine
    province, month = found.later.province_code, found.later.coverage_month
    return page(
        request,
        "differences.html",
        found=found,
        shown=found.differences.as_dicts()[: releases.SHOWN],
        total=len(found.differences.rows),
        movements=found.movements.as_dicts(),
        groups={**SEGMENTS, **GROUPS},
        others=[
            row
            for row in queries.releases_of(engine, province).as_dicts()
            if row["coverage_month"] == month
            and row["release_id"] != found.later.release_id
        ],
    )


@router.get("/selisih.csv", dependencies=[needs(Right.SEE)])
def differences_table(request: Request) -> Response:
    """All differences in the areas of the visitor as CSV."""
    found = _compared(request)
    name = f"selisih_{found.later.release_id}.csv"
    return Response(
        selection_bytes(found.differences),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _compared(request: Request) -> releases.Comparison:
    """The comparison a request asks for.

    Raises:
        UsageError: no such release.
        AccessRefused: it is of a province in which the visitor has no area.
    """
    release_id = request.query_params.get("release", "")
    visitor = visitor_of(request)
    if release_id[:2] not in {one[:2] for one in visitor.areas}:
        if not release_id:
            raise UsageError("RELEASE_UNKNOWN", "Sebutkan nomor rilis.", "")
        raise AccessRefused(
            "AREA_NOT_YOURS", "Rilis ini dari provinsi lain.", "Lihat Pelepasan."
        )
    return releases.compare(
        desk_of(request).context.engine,
        visitor,
        release_id,
        request.query_params.get("against") or None,
    )
