"""Tinjauan: pairs in doubt, both sides for a steward, and the decision.

The only page with names. Every reading leaves an entry in ``vault.access_log``.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse

from cakupan.core.area import AreaCode
from cakupan.core.errors import UsageError
from cakupan.core.month import CoverageMonth
from cakupan.core.names import GROUPS
from cakupan.pages import reporting
from cakupan.pages.access import Right
from cakupan.pages.desk import asked_area, asked_month, desk_of, needs
from cakupan.pages.guard import visitor_of
from cakupan.pages.receive import fields
from cakupan.pages.show import link, page, root_of
from cakupan.rosters.evidence import chance, in_words
from cakupan.rosters.review import Pair, decide, list_pairs, read_sides
from cakupan.rosters.review_book import RULES, WORDS
from cakupan.rosters.vault import Steward
from cakupan.runs.steward import as_steward

router = APIRouter()

#: Pairs listed at once.
SHOWN = 200


@router.get("/tinjauan", dependencies=[needs(Right.NAMES)])
def show(request: Request) -> HTMLResponse:
    """The queue of a month, the most likely pairs first; no names."""
    scope, month, months = _asked(request)
    is_whole = request.query_params.get("all") == "1"
    with _steward(request) as steward:
        pairs = list_pairs(steward, month, scope, only_open=not is_whole)
    return page(
        request,
        "review.html",
        scope=scope.code,
        month=month,
        months=months,
        is_whole=is_whole,
        pairs=pairs[:SHOWN],
        total=len(pairs),
        rules=RULES,
        groups=GROUPS,
        words=WORDS,
        chance=chance,
    )


@router.get("/tinjauan/{pair_id}", dependencies=[needs(Right.NAMES)])
def show_pair(request: Request, pair_id: str) -> HTMLResponse:
    """Both sides of one pair, with names: the reading is logged."""
    scope, month, _ = _asked(request)
    wanted = _number(pair_id)
    purpose = f"halaman tinjauan {scope} {month}, akun {visitor_of(request).name}"
    with _steward(request) as steward:
        known = {
            pair.pair_id: pair
            for pair in list_pairs(steward, month, scope, only_open=False)
        }
        sides = read_sides(steward, month, scope, [wanted], purpose)[wanted]
    return page(
        request,
        "pair.html",
        scope=scope.code,
        month=month,
        pair=known[wanted],
        following=_following(list(known.values()), wanted),
        evidence=in_words(known[wanted].evidence),
        sides=sides,
        rules=RULES,
        groups=GROUPS,
        words=WORDS,
        chance=chance,
    )


@router.post("/tinjauan/{pair_id}", dependencies=[needs(Right.NAMES)])
async def decide_pair(request: Request, pair_id: str) -> Response:
    """Store a decision and go on to the next open pair."""
    scope, month, _ = await run_in_threadpool(_asked, request)
    wanted, told = _number(pair_id), await fields(request)

    def store() -> uuid.UUID | None:
        with _steward(request) as steward:
            decide(
                steward,
                month,
                scope,
                {wanted: told.get("decision", "")},
                visitor_of(request).name,
            )
            queue = list_pairs(steward, month, scope, only_open=False)
            return _following(list(queue), wanted)

    following = await run_in_threadpool(store)
    path = f"{root_of(request)}tinjauan" + (f"/{following}" if following else "")
    where = link(path, area=scope.code, month=month)
    return RedirectResponse(where, status_code=303)


def _asked(
    request: Request,
) -> tuple[AreaCode, CoverageMonth, list[CoverageMonth]]:
    scope = AreaCode(asked_area(request, Right.NAMES))
    desk = desk_of(request)
    asked = desk.context.engine, scope.province.code, desk.today()
    months = reporting.months_of(*asked)
    default = reporting.latest_with_files(*asked)
    return scope, asked_month(request, default), months


def _following(queue: list[Pair], after: uuid.UUID) -> uuid.UUID | None:
    """The next pair that waits for a decision, from the place of one on."""
    place = next(i for i, pair in enumerate(queue) if pair.pair_id == after)
    order = (*queue[place + 1 :], *queue[:place])
    return next((pair.pair_id for pair in order if pair.decision is None), None)


def _number(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise UsageError(
            "REVIEW_PAIR_UNKNOWN", "Tidak ada pasangan dengan nomor itu.", ""
        ) from None


@contextmanager
def _steward(request: Request) -> Iterator[Steward]:
    """The steward's login for the time of one answer."""
    with as_steward(desk_of(request).context.settings) as steward:
        yield steward
