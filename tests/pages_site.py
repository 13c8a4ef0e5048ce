"""Airflow's own api server with the pages of Cakupan in it, for tests over HTTP."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from cakupan.core.settings import Settings
from cakupan.local import airflow_config
from cakupan.local.airflow_config import AirflowHome
from cakupan.local.airflow_processes import airflow_command

#: Who is who in these tests. ``nobody`` can log in and has no access.
ACCESS = """
admin: engineer
kukar: {role: regency, areas: ["64.02"]}
paser: {role: regency, areas: ["64.01"]}
ana: analyst
sri: {role: steward, areas: ["64"]}
"""
USERS = ("admin", "kukar", "paser", "ana", "sri", "nobody")


@dataclass(frozen=True)
class Site:
    """A running api server.

    Attributes:
        url: address without a slash at its end.
        passwords: by user.
        secret: what Airflow signs tokens with.
        settings: of the deployment behind it.
    """

    url: str
    passwords: Mapping[str, str]
    secret: str
    settings: Settings
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, user: str) -> str:
        """A token as the login page gives it."""
        if user not in self.tokens:
            body = {"username": user, "password": self.passwords[user]}
            made = httpx.post(f"{self.url}/auth/token", json=body, timeout=30)
            self.tokens[user] = made.raise_for_status().json()["access_token"]
        return self.tokens[user]

    def browser(
        self, user: str | None = None, token: str | None = None
    ) -> httpx.Client:
        """A client that carries the cookie of a user, as a browser does."""
        known = self.token(user) if user else token
        return httpx.Client(
            base_url=f"{self.url}/cakupan",
            cookies={"_token": known} if known else {},
            headers={"Sec-Fetch-Site": "same-origin"},
            timeout=60,
        )


@contextmanager
def running_site(settings: Settings, port: int) -> Iterator[Site]:
    """Start the api server of a deployment and stop it on leaving.

    Args:
        settings: its embedded server runs; the access file is written here.
        port: free port of the loopback address.
    """
    place = AirflowHome(settings.home)
    place.folder.mkdir(parents=True, exist_ok=True)
    settings.access_path.write_text(ACCESS, "utf-8")
    environment = airflow_config.environment(settings, port)
    environment["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] = ",".join(
        f"{user}:{'admin' if user == 'admin' else 'viewer'}" for user in USERS
    )
    passwords = {user: f"sandi-{user}-{os.urandom(6).hex()}" for user in USERS}
    place.passwords.write_text(json.dumps(passwords), "utf-8")
    log = place.folder / "site.log"
    with log.open("wb") as output:
        migrate = airflow_command("db", "migrate")
        subprocess.run(
            migrate, env=environment, stdout=output, stderr=output, check=True
        )
        process = subprocess.Popen(
            airflow_command("api-server", "--apps", "core"),
            env=environment,
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process, log)
        secret = environment["AIRFLOW__API_AUTH__JWT_SECRET"]
        yield Site(url, passwords, secret, settings)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 400
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(f"{url}/api/v2/version", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError(log.read_text("utf-8")[-3000:])
