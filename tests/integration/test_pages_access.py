"""Every route of the pages, over HTTP, in Airflow's own api server: who gets in."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import httpx
import jwt
import pytest
from fastapi.routing import APIRoute

from cakupan.pages import app as pages
from cakupan.pages.guard import HEADERS
from pages_site import Site

_PARTS = {
    "{name}": "pages.css",
    "{token}": "x" * 43,
    "{dataset}": "rt_rw",
    "{pair_id}": "00000000-0000-0000-0000-000000000001",
    "{submission_id}": "pekerja_rentan-64.02-2026-09-001",
}
ROUTES = [
    (method, re.sub(r"\{\w+\}", lambda found: _PARTS[found[0]], route.path))
    for router in (*pages.ROUTERS, pages.static)
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]


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
        {"Authorization": "Basic eDp5", "Sec-Fetch-Site": "cross-site"},
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
        ("/selisih?release=64%00", "PAGE_UNKNOWN"),
        ("/asal?segment=%00", "PAGE_UNKNOWN"),
        ("/kiriman/%00x", "PAGE_UNKNOWN"),
        ("/cakupan.csv?area=64%0d%0aX-Other:%201", "PAGE_UNKNOWN"),
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


def test_what_a_role_may(site: Site) -> None:
    """Status by role and path; 404 where the right is there and the thing is not."""
    own = "/kiriman/pekerja_rentan-64.02-2026-09-001"
    upload = f"/unggah/{'x' * 43}"
    expected = {
        "/pelaporan": (200, 200, 200, 200),
        "/temuan": (200, 200, 200, 200),
        "/pelepasan": (200, 200, 200, 200),
        own: (200, 403, 200, 200),
        f"{own}/perbaikan.xlsx": (200, 403, 403, 200),
        "/tinjauan?month=2026-09": (403, 403, 403, 200),
        "/tinjauan/00000000-0000-0000-0000-000000000001": (403, 403, 403, 404),
        "/unggah": (200, 200, 403, 403),
        "/templat/rt_rw.xlsx": (200, 200, 403, 403),
        upload: (404, 404, 403, 403),
        f"{upload}/perbaikan.xlsx": (404, 404, 403, 403),
        "/pelaporan?province=65": (403, 403, 403, 403),
        "/selisih?release=65-2026-09-0123456789ab": (403, 403, 403, 403),
    }
    for place, user in enumerate(("kukar", "paser", "ana", "sri")):
        with site.browser(user) as browser:
            for path, statuses in expected.items():
                answer = browser.get(path)
                assert answer.status_code == statuses[place], (user, path)


def test_findings_and_review_open_on_the_last_month_with_files(site: Site) -> None:
    """Not on the month reports are due for, of which nothing may have come yet."""
    for user, path in (("kukar", "/temuan"), ("sri", "/tinjauan")):
        with site.browser(user) as browser:
            text = browser.get(path).text
        assert '<option value="2026-09" selected>' in text, path


def test_a_regency_finds_nothing_of_others_in_tables(site: Site) -> None:
    with site.browser("kukar") as browser:
        for path in ("/pelaporan?month=2026-09", "/temuan?month=2026-09"):
            text = browser.get(path).text
            assert "Kutai Kartanegara" in text
            assert "Balikpapan" not in text
            assert "64.71" not in text
