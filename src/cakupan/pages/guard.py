"""What stands before every route: login, access, cross-site posts, response headers.

It wraps the whole application, so that a new route, a file or a page that does not exist
is behind it without anybody having to think of it.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable, Collection
from urllib.parse import unquote_plus, urlsplit

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cakupan.core.errors import CakupanError, ConfigurationError, UsageError
from cakupan.core.masking import mask_text
from cakupan.pages.access import AccessFile, AccessRefused, Visitor

logger = logging.getLogger(__name__)

#: Gives the name of the user, or raises :class:`LoginNeeded`.
Login = Callable[[Request], Awaitable[str]]

#: Shows an error: request, status, error.
Show = Callable[[Request, int, CakupanError], Response]

_SAFE = frozenset({"GET", "HEAD"})
_KEY = "cakupan_visitor"
#: The first character that is none of control.
_PRINTED = 32

#: Nothing from elsewhere, nothing inline; shown only in Airflow's own frame.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class LoginNeeded(CakupanError):
    """Nobody is logged in.

    Args:
        login_url: where one logs in.
    """

    exit_status = 2

    def __init__(self, login_url: str = "") -> None:
        super().__init__(
            "LOGIN_NEEDED",
            "Halaman ini hanya untuk yang sudah masuk.",
            "Masuk ke Airflow, lalu buka halaman ini lagi.",
        )
        self.login_url = login_url


def visitor_of(request: Request) -> Visitor:
    """Who is asking; the guard has let them in."""
    found: Visitor = request.scope[_KEY]
    return found


class Guard:
    """Lets in who is logged in, has access and comes from our own pages."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        login: Login,
        access: AccessFile,
        show: Show,
        hosts: Collection[str] = (),
    ) -> None:
        self._app, self._login, self._access, self._show = app, login, access, show
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        answer = _Answer(send)
        try:
            name = await self._login(request)
            scope[_KEY] = self._access.now().visitor(name)
            _refuse_cross_site(request, self._hosts)
            _refuse_controls(request)
            await self._app(scope, receive, answer)
        except CakupanError as error:
            if answer.is_begun:
                raise
            shown = self._show(request, _status(error), error)
            await shown(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - no value of a row into a log
            _log(error)
            if answer.is_begun:
                return
            shown = self._show(request, 500, _internal(error))
            await shown(scope, receive, answer)


class _Answer:
    """Passes an answer on with the headers every answer has."""

    def __init__(self, send: Send) -> None:
        self._send, self.is_begun = send, False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_begun = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)


def _refuse_cross_site(request: Request, hosts: Collection[str]) -> None:
    """A form of another site is not ours, whatever cookie the browser adds.

    A bearer token is not added by a browser, so it needs no other proof; a password of
    HTTP is, so it is none.
    """
    told = request.headers.get("authorization", "").lower()
    if request.method in _SAFE or told.startswith("bearer "):
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    proofs = []
    if site is not None:
        proofs.append(site == "same-origin")
    if origin is not None:
        own = {request.headers.get("host"), *hosts}
        proofs.append(urlsplit(origin).netloc in own)
    if not proofs or not all(proofs):
        raise AccessRefused(
            "CROSS_SITE",
            "Permintaan ini tidak datang dari halaman Cakupan.",
            "Buka halamannya dan ulangi dari sana.",
        )


def _refuse_controls(request: Request) -> None:
    """No page has a control character in its address; a database stumbles over some."""
    address = unquote_plus(f"{request.url.path}?{request.url.query}")
    if any(ord(letter) < _PRINTED for letter in address):
        raise UsageError(
            "PAGE_UNKNOWN", "Halaman ini tidak ada.", "Pilih halaman dari menu."
        )


def _status(error: CakupanError) -> int:
    if isinstance(error, UsageError):
        return 404
    if isinstance(error, LoginNeeded):
        return 401
    if isinstance(error, AccessRefused):
        return 403
    return 503 if isinstance(error, ConfigurationError) else 500


def _internal(error: Exception) -> CakupanError:
    return CakupanError(
        "INTERNAL_ERROR",
        f"Terjadi kesalahan pada Cakupan ({type(error).__name__}), bukan pada berkas "
        "Anda.",
        "Coba lagi; bila terulang, beri tahu pengelola sistem.",
    )


def _log(error: Exception) -> None:
    """Code places only: values in the text of an exception could be personal."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s\n%s", type(error).__name__, mask_text(frames))
