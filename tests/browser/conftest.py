"""Debian's Chromium on the pages that Airflow serves."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from integration.conftest import server, site, template_database

__all__ = ["server", "site", "template_database"]

#: Milliseconds. The first check of a server imports Great Expectations: seconds, many
#: more on a busy machine.
PATIENCE = 90_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser; the tests are skipped, and say so, where there is none.

    It ends with its file: Playwright keeps an event loop running as long as it is
    open, and code of another file that starts one of its own would be refused.
    """
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("NO CHROMIUM: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        yield browser
        browser.close()
