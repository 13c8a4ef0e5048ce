"""The application Airflow mounts: routes, the guard before them, errors as pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse

from cakupan.core.errors import (
    CakupanError,
    OperationalError,
    SubmissionRefused,
    UsageError,
)
from cakupan.core.resources import include
from cakupan.core.settings import Settings
from cakupan.pages import (
    coverage_page,
    releases_page,
    reporting_page,
    review_page,
    upload_page,
)
from cakupan.pages.access import AccessFile, AccessRefused, Right
from cakupan.pages.desk import Desk, needs
from cakupan.pages.guard import Guard, Login
from cakupan.pages.receive import UploadTooLarge
from cakupan.pages.reporting import Ledgers
from cakupan.pages.show import error_page
from cakupan.pages.uploads import Uploads
from cakupan.runs.checking import Checker
from cakupan.runs.context import mask_logs
from cakupan.runs.reading import reading_context

#: Where Airflow mounts the pages.
PREFIX = "/cakupan"

STATIC = {"pages.css": "text/css", "pages.js": "text/javascript"}

ROUTERS = (
    coverage_page.router,
    reporting_page.router,
    releases_page.router,
    review_page.router,
    upload_page.router,
)

_STATUS: dict[type[CakupanError], int] = {
    AccessRefused: 403,
    UploadTooLarge: 413,
    UsageError: 404,
    SubmissionRefused: 422,
    OperationalError: 503,
}


def create_app(
    settings: Settings, login: Login, hosts: Collection[str] = ()
) -> FastAPI:
    """Make the application; nothing is opened before the first request needs it.

    Args:
        settings: of the deployment.
        login: says who is asking.
        hosts: names a browser knows this server by, besides the one it is asked as.
    """

    @asynccontextmanager
    async def open_and_close(app: FastAPI) -> AsyncIterator[None]:
        mask_logs()
        yield
        app.state.desk.checker.close()
        app.state.desk.context.engine.dispose()

    app = FastAPI(
        title="Cakupan",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=open_and_close,
    )
    app.state.desk = Desk(
        reading_context(settings),
        Checker(settings),
        Uploads(settings.home / "uploads"),
        Ledgers(),
    )
    for router in (*ROUTERS, static):
        app.include_router(router)
    app.add_middleware(
        Guard,
        login=login,
        access=AccessFile(settings.access_path, settings.provinces),
        show=error_page,
        hosts=hosts,
    )
    app.add_exception_handler(CakupanError, _coded)
    app.add_exception_handler(404, _not_found)
    app.add_exception_handler(405, _not_found)
    return app


static = APIRouter()


@static.get("/static/{name}", dependencies=[needs(Right.SEE)])
def file(name: str) -> Response:
    """The style sheet and the script."""
    if name not in STATIC:
        raise HTTPException(404)
    return FileResponse(
        include("pages", "static", name),
        media_type=STATIC[name],
        headers={"Cache-Control": "private, max-age=300"},
    )


def _coded(request: Request, error: Exception) -> Response:
    if not isinstance(error, CakupanError):
        raise error
    kinds = (kind for kind in _STATUS if isinstance(error, kind))
    return error_page(request, _STATUS.get(next(kinds, CakupanError), 500), error)


def _not_found(request: Request, _: Exception) -> Response:
    missing = UsageError(
        "PAGE_UNKNOWN", "Halaman ini tidak ada.", "Pilih halaman dari menu."
    )
    return error_page(request, 404, missing)
