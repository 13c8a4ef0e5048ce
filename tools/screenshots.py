"""Pictures of the pages for docs/pages, from the Airflow that runs on this machine.

``make demo`` leaves one running with a synthetic province in it; ``make screenshots``
looks at every page with Debian's Chromium: wide, and narrow in the dark.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from cakupan.core.settings import load_settings
from cakupan.local import airflow, airflow_config
from cakupan.local.airflow_processes import load_state

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pages"

#: Name of the picture -> path below the mount.
PAGES = {
    "cakupan": "",
    "kabupaten": "?area=64.02",
    "asal": "asal?area=64.02&segment=BPU",
    "pelaporan": "pelaporan?month={month}",
    "unggah": "unggah",
    "temuan": "temuan?month={month}",
    "tinjauan": "tinjauan?month={month}",
    "pelepasan": "pelepasan",
}


#: Shown from top to bottom.
WHOLE = {"cakupan", "kabupaten"}


def chromium() -> str | None:
    """Where the browser is, ``None`` when there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def _log_in(page: Page, url: str, password: str) -> None:
    page.goto(f"{url}/auth/login")
    page.get_by_label("Username").fill(airflow_config.USER)
    page.locator("input[type=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/auth/login" not in address)


def _take(browser: Browser, url: str, state: Path, month: str) -> None:
    looks: dict[str, dict[str, Any]] = {
        "": {"viewport": {"width": 1180, "height": 900}, "color_scheme": "light"},
        "-sempit": {"viewport": {"width": 360, "height": 740}, "color_scheme": "dark"},
    }
    for ending, look in looks.items():
        context = browser.new_context(
            storage_state=state,
            locale="id-ID",
            **look,
        )
        page = context.new_page()
        for name, path in PAGES.items():
            page.goto(f"{url}/cakupan/{path.format(month=month)}")
            is_whole = name in WHOLE and not ending
            page.screenshot(path=TARGET / f"{name}{ending}.png", full_page=is_whole)
        if not ending:
            page.goto(f"{url}/plugin/cakupan")
            page.frame_locator("iframe").get_by_role("heading", level=1).wait_for()
            page.screenshot(path=TARGET / "airflow.png")
        context.close()


def main() -> None:
    """Entry point."""
    settings = load_settings()
    program = chromium()
    running = load_state(airflow_config.AirflowHome(settings.home))
    if program is None or running is None or not airflow.is_up(settings):
        print("SKIPPED: no Chromium (apt-get install chromium) or no `make demo` here")
        sys.exit(0 if program is None else 1)
    url = f"http://127.0.0.1:{running.port}"
    place = airflow_config.AirflowHome(settings.home).passwords
    password = json.loads(place.read_text("utf-8"))[airflow_config.USER]
    TARGET.mkdir(exist_ok=True)
    state = settings.home / "secrets" / "screenshots.json"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        context = browser.new_context()
        _log_in(context.new_page(), url, password)
        context.storage_state(path=state)
        context.close()
        _take(browser, url, state, sys.argv[1] if len(sys.argv) > 1 else "2026-09")
        browser.close()
    state.unlink()
    print(f"{len(list(TARGET.glob('*.png')))} pictures in {TARGET}")


if __name__ == "__main__":
    main()
