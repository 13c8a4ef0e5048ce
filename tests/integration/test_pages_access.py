"""Every route of the pages, over HTTP, in Airflow's own api server: who gets in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import httpx
import jwt
import psycopg
import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute
from psycopg import sql

from cakupan.core import slices
from cakupan.core.context import Context
from cakupan.core.database import engine_for
from cakupan.core.schema import ops
from cakupan.core.settings import Settings
from cakupan.core.store import prepare_store
from cakupan.local import postgres
from cakupan.pages import app as pages
from cakupan.pages.guard import HEADERS
from cakupan.publish.release import publish_month
from integration.services import free_ports
from pages_site import Site, running_site
from publish_rows import MONTH, reconciled
from report_case import inputs

ROUTES = [
    (method, route.path.replace("{name}", "pages.css"))
    for router in (*pages.ROUTERS, pages.static)
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def site(
    server: Settings, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A released month of East Kalimantan behind Airflow's api server."""
    name = f"pages_{next(_NUMBERS)}"
    address = sa.make_url(postgres.role_url(server, "postgres", "postgres"))
    with psycopg.connect(
        host=str(address.query["host"]), user="postgres", dbname="postgres",
        autocommit=True,
    ) as connection:  # fmt: skip
        connection.execute(
            sql.SQL("create database {} owner cakupan_etl template {}").format(
                sql.Identifier(name), sql.Identifier(template_database)
            )
        )
    folder = tmp_path_factory.mktemp("pages")
    settings = replace(
        server,
        object_store=f"file://{folder / 'store'}",
        access_file=folder / "access.yml",
        warehouse_url=postgres.role_url(server, "cakupan_etl", name),
        pages_url=postgres.role_url(server, "cakupan_pages", name),
        person_key="uji-" + "0" * 60,
        upload_limit=1_000_000,
    )
    release(settings)
    with running_site(settings, free_ports(1)[0]) as running:
        yield running


def release(settings: Settings) -> None:
    engine = engine_for(settings.warehouse_url or "")
    context = Context(settings, prepare_store(settings), engine)
    given = inputs()
    rows = given.pop("submissions")
    with engine.begin() as connection:
        connection.execute(ops.submissions.insert(), rows)
    with context.scratch("publish") as folder:
        publish_month(
            context,
            "64",
            MONTH,
            generation=slices.claim(engine, "64", MONTH, "publish"),
            inputs_hash="x" * 64,
            slice_hash="y" * 64,
            reconciled=reconciled(folder / "in", **given),
            inputs=[row["submission_id"] for row in rows],
            folder=folder,
        )
    engine.dispose()


def changed(site: Site, secret: str | None = None, **claims: Any) -> str:
    """A token of Airflow with other claims, or signed by somebody else."""
    told = jwt.decode(site.token("admin"), options={"verify_signature": False})
    header = jwt.get_unverified_header(site.token("admin"))
    return jwt.encode(
        {**told, **claims}, secret or site.secret, algorithm=header["alg"]
    )


def ago(**distance: int) -> int:
    return int((dt.datetime.now(dt.UTC) - dt.timedelta(**distance)).timestamp())


def test_every_route_says_which_right_it_needs() -> None:
    assert len(ROUTES) > 3
    for router in (*pages.ROUTERS, pages.static):
        for route in router.routes:
            assert isinstance(route, APIRoute), route
            asked = [one.dependency.__qualname__ for one in route.dependencies]
            assert "needs.<locals>.check" in asked, route.path


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_gets_in_without_a_valid_token(
    site: Site, method: str, path: str
) -> None:
    tokens = {
        "none": None,
        "wrong": "x.y.z",
        "expired": changed(site, exp=ago(hours=1), iat=ago(hours=2), nbf=ago(hours=2)),
        "foreign": changed(site, secret="another-office-" * 8),
        "unsigned": jwt.encode(
            jwt.decode(site.token("admin"), options={"verify_signature": False}),
            "",
            algorithm="none",
        ),
    }
    for name, token in tokens.items():
        with site.browser(token=token) as browser:
            answer = browser.request(method, path)
            assert answer.status_code == 401, (name, answer.text)
            assert "LOGIN_NEEDED" in answer.text
        if token:
            bearer = {"Authorization": f"Bearer {token}"}
            answer = httpx.request(
                method, f"{site.url}/cakupan{path}", headers=bearer, timeout=60
            )
            assert answer.status_code == 401, name


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_who_is_not_in_the_access_file_sees_nothing(
    site: Site, method: str, path: str
) -> None:
    with site.browser("nobody") as browser:
        answer = browser.request(method, path)
    assert answer.status_code == 403
    assert "ACCESS_NOT_GIVEN" in answer.text


@pytest.mark.parametrize(
    ("method", "path"), [one for one in ROUTES if one[0] not in {"GET", "HEAD"}]
)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"},
    ],
    ids=str,
)
def test_a_form_of_another_site_changes_nothing(
    site: Site, method: str, path: str, headers: dict[str, str]
) -> None:
    cookie = {"Cookie": f"_token={site.token('admin')}"}
    answer = httpx.request(
        method, f"{site.url}/cakupan{path}", headers={**cookie, **headers}, timeout=60
    )
    assert answer.status_code == 403
    assert "CROSS_SITE" in answer.text


@pytest.mark.parametrize("user", ["admin", "nobody", None])
@pytest.mark.parametrize("path", ["/", "/static/pages.css", "/unknown"])
def test_every_answer_is_closed_to_others(
    site: Site, user: str | None, path: str
) -> None:
    with site.browser(user) as browser:
        headers = browser.get(path).headers
    for name, value in HEADERS.items():
        if name != "Cache-Control" or "static" not in path:
            assert headers[name] == value
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert (
        "no-store" in headers["Cache-Control"] or "private" in headers["Cache-Control"]
    )


def test_a_regency_sees_only_its_own_area(site: Site) -> None:
    with site.browser("kukar") as browser:
        own = browser.get("/")
        assert own.status_code == 200
        assert "Kutai Kartanegara" in own.text
        assert "Balikpapan" not in own.text
        assert browser.get("/", params={"area": "64.02.01"}).status_code == 200
        for path in ("/", "/cakupan.csv", "/asal"):
            for foreign in ("64", "64.01", "64.71", "64.01.01", "65"):
                answer = browser.get(path, params={"area": foreign})
                assert answer.status_code == 403, (path, foreign)
                assert "AREA_NOT_YOURS" in answer.text
    with site.browser("ana") as browser:
        assert "Balikpapan" in browser.get("/").text
        assert browser.get("/", params={"area": "65"}).status_code == 403


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/?month=2026-13", "MONTH_INVALID"),
        ("/?month=<script>", "MONTH_INVALID"),
        ("/?area=64.99", "AREA_UNKNOWN"),
        ("/asal?segment=XX", "NOTHING_PUBLISHED"),
        ("/asal?month=2031-01", "NOTHING_PUBLISHED"),
        ("/tidak-ada", "PAGE_UNKNOWN"),
        ("/static/..%2fbase.html", "PAGE_UNKNOWN"),
        ("/static/base.html", "PAGE_UNKNOWN"),
    ],
)
def test_a_wrong_address_gets_a_coded_answer(site: Site, path: str, code: str) -> None:
    with site.browser("admin") as browser:
        answer = browser.get(path)
    assert answer.status_code == 404
    assert code in answer.text
    assert "<script>alert" not in answer.text


def test_an_unknown_choice_is_shown_inert(site: Site) -> None:
    markup = '"><script>alert(1)</script>'
    with site.browser("admin") as browser:
        for name in ("segment", "definition"):
            answer = browser.get("/", params={name: markup})
            assert answer.status_code == 200
            assert "alert(1)" not in answer.text


def test_the_csv_is_what_the_page_shows(site: Site) -> None:
    with site.browser("ana") as browser:
        answer = browser.get("/cakupan.csv", params={"segment": "BPU"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    head, *rows = answer.text.splitlines()
    assert head.startswith("coverage_month,area_code,name")
    assert {row.split(",")[3] for row in rows} == {"province", "regency"}


def test_airflow_shows_the_pages_in_its_menu(site: Site) -> None:
    answer = httpx.get(
        f"{site.url}/api/v2/plugins",
        headers={"Authorization": f"Bearer {site.token('admin')}"},
        timeout=60,
    )
    (plugin,) = [
        one for one in answer.raise_for_status().json()["plugins"]
        if one["name"] == "cakupan"
    ]  # fmt: skip
    (view,) = plugin["external_views"]
    assert view["href"] == "/cakupan/"
    assert plugin["fastapi_apps"][0]["url_prefix"] == "/cakupan"
