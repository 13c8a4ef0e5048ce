"""Who is asking, as Airflow says. The only module of the pages that knows Airflow."""

from __future__ import annotations

from urllib.parse import urlsplit

from airflow.api_fastapi.app import API_BASE_URL, API_ROOT_PATH, get_auth_manager
from airflow.api_fastapi.core_api.security import bearer_scheme, get_user
from fastapi import HTTPException, Request

from cakupan.pages.guard import LoginNeeded


async def user_name(request: Request) -> str:
    """Name of the user of a request, by the very check Airflow's own pages use.

    Raises:
        LoginNeeded: no, a wrong or an expired token.
    """
    try:
        user = await get_user(request, None, await bearer_scheme(request))
    except HTTPException:
        here = str(request.url.path)
        raise LoginNeeded(get_auth_manager().get_url_login(next_url=here)) from None
    return user.get_name()


def hosts() -> tuple[str, ...]:
    """The host of Airflow's ``base_url``: what a browser sees behind a proxy."""
    return tuple(filter(None, (urlsplit(API_BASE_URL).netloc,)))


def address(prefix: str) -> str:
    """Where a mounted page is from outside, also behind a path of a proxy."""
    return f"{API_ROOT_PATH.removesuffix('/')}{prefix}/"
