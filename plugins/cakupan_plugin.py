"""Registers Cakupan with Airflow. Airflow imports every file of this folder."""

from __future__ import annotations

from functools import cache
from typing import Any

from airflow.plugins_manager import AirflowPlugin


class _Later:
    """A list that is made when the api server asks for it and nowhere else.

    Every component of Airflow loads the plugins; only the api server has pages. So the
    functions below import what they need when they are called.
    """

    def __init__(self, make: Any) -> None:
        self._make = make

    def __get__(self, instance: object, owner: type) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = self._make()
        return made


@cache
def _pages() -> list[dict[str, Any]]:
    from cakupan.core.settings import load_settings  # noqa: PLC0415 - where pages are served
    from cakupan.pages.app import PREFIX, create_app  # noqa: PLC0415 - where pages are served
    from cakupan.pages.login import hosts, user_name  # noqa: PLC0415 - where pages are served

    app = create_app(load_settings(), user_name, hosts())
    return [{"app": app, "url_prefix": PREFIX, "name": "Cakupan"}]


@cache
def _menu() -> list[dict[str, Any]]:
    from cakupan.pages.app import PREFIX  # noqa: PLC0415 - where pages are served
    from cakupan.pages.login import address  # noqa: PLC0415 - where pages are served

    entry = {
        "name": "Cakupan",
        "href": address(PREFIX),
        "destination": "nav",
        "url_route": "cakupan",
        "nav_top_level": True,
    }
    return [entry]


class CakupanPlugin(AirflowPlugin):
    """The pages of Cakupan; each is behind a login (``cakupan.pages.guard``)."""

    name = "cakupan"
    fastapi_apps = _Later(_pages)
    external_views = _Later(_menu)
