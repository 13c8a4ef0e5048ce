"""The embedded server: shared by processes, survives being killed, leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from cakupan.core.database import engine_for
from cakupan.core.errors import ConfigurationError
from cakupan.core.settings import Settings
from cakupan.local import pg_cluster, postgres

FAST = {"fsync": "off", "shared_buffers": "16MB"}

USER = """
import sys
from pathlib import Path
from cakupan.core.settings import Settings
from cakupan.local import postgres

with postgres.running(Settings(home=Path(sys.argv[1])), {"fsync": "off"}) as url:
    print(url, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home that stays, so that the cluster is made once."""
    return Settings(home=tmp_path_factory.mktemp("home"))


def ask(url: str, question: str = "select current_user") -> object:
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            return connection.scalar(sa.text(question))
    finally:
        engine.dispose()


def pid_of(settings: Settings) -> int:
    text = (settings.home / "postgres" / "data" / "postmaster.pid").read_text("utf-8")
    return int(text.split("\n")[0])


def another_user(settings: Settings) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", USER, str(settings.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline().startswith("postgresql+psycopg://")
    return child


def leave(child: subprocess.Popen[str]) -> None:
    child.communicate("\n")
    assert child.returncode == 0


def test_stops_with_the_last_user(home: Settings) -> None:
    with postgres.running(home, FAST) as url:
        assert ask(url) == "cakupan_etl"
        for role in ("cakupan_analyst", "cakupan_steward", "cakupan_report"):
            assert ask(postgres.role_url(home, role)) == role
        assert ask(postgres.role_url(home, "airflow", "airflow")) == "airflow"
        with postgres.running(home):
            pass
        assert postgres.is_running(home)
    assert not postgres.is_running(home)


def test_processes_share_it(home: Settings) -> None:
    child = another_user(home)
    with postgres.running(home) as url:
        leave(child)
        assert ask(url) == "cakupan_etl"
    assert not postgres.is_running(home)
    child = another_user(home)
    with postgres.running(home):
        pass
    assert postgres.is_running(home)
    assert postgres.stop(home) is False
    leave(child)
    assert not postgres.is_running(home)


def test_a_killed_user_does_not_keep_it(home: Settings) -> None:
    child = another_user(home)
    child.kill()
    child.communicate()
    assert postgres.is_running(home)
    with postgres.running(home) as url:
        assert ask(url) == "cakupan_etl"
    assert not postgres.is_running(home)


def test_kept_running_until_stop(home: Settings) -> None:
    postgres.keep_running(home)
    with postgres.running(home) as url:
        assert ask(url) == "cakupan_etl"
    assert postgres.is_running(home)
    assert postgres.stop(home) is True
    assert postgres.stop(home) is True
    assert not postgres.is_running(home)


def test_stop_by_force(home: Settings) -> None:
    child = another_user(home)
    assert postgres.stop(home, force=True) is True
    leave(child)


def wait_until_gone(pid: int) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            state = (Path("/proc") / str(pid) / "stat").read_text("utf-8").split()[2]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state == "Z":
            return
        time.sleep(0.01)
    raise AssertionError("the server is still there")


def test_survives_being_killed(home: Settings) -> None:
    with postgres.running(home, FAST) as url:
        ask(url, "select 1")
        killed = pid_of(home)
        os.kill(killed, signal.SIGKILL)
        # the signal is delivered when the process is gone, not when kill() returns
        wait_until_gone(killed)
        with postgres.running(home, FAST):
            assert ask(url) == "cakupan_etl"
    assert not postgres.is_running(home)


def test_number_of_a_dead_server_given_to_another_program(home: Settings) -> None:
    with postgres.running(home, FAST):
        text = (home.home / "postgres/data/postmaster.pid").read_text("utf-8")
    stale = home.home / "postgres/data/postmaster.pid"
    stale.write_text(text.replace(text.split("\n")[0], str(os.getpid()), 1), "utf-8")
    assert not postgres.is_running(home)
    with postgres.running(home, FAST) as url:
        assert ask(url) == "cakupan_etl"


def test_killed_while_making_the_cluster(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    half = tmp_path / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18", "utf-8")
    with postgres.running(settings, FAST) as url:
        assert ask(url) == "cakupan_etl"


def test_long_path_and_closed_parent(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    settings = Settings(home=closed / ("panjang-" * 14) / "it's % home")
    with postgres.running(settings, FAST) as url:
        assert ask(url) == "cakupan_etl"
        socket_dir = Path(str(sa.make_url(url).query["host"]))
        assert socket_dir.stat().st_mode & 0o077 == 0
        assert len(os.fsencode(socket_dir)) < 90
    assert not socket_dir.exists()
    assert closed.stat().st_mode & 0o777 == 0o700


def test_socket_folder_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "target"
    elsewhere.mkdir()
    (tmp_path / "link").symlink_to(elsewhere)
    monkeypatch.setattr(
        pg_cluster.Cluster, "socket_dir", property(lambda _: tmp_path / "link")
    )
    with (
        pytest.raises(ConfigurationError, match="POSTGRES_SOCKET_DIR"),
        postgres.running(Settings(home=tmp_path / "h"), FAST),
    ):
        pass


def test_an_outside_warehouse_starts_nothing(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, warehouse_url="postgresql+psycopg://elsewhere/x")
    with postgres.running(settings) as url:
        assert url == "postgresql+psycopg://elsewhere/x"
    postgres.keep_running(settings)
    assert postgres.stop(settings) is True
    assert list(tmp_path.iterdir()) == []


def test_listens_on_no_port_and_logs_no_statement(home: Settings) -> None:
    with postgres.running(home, FAST) as url:
        assert ask(url, "show listen_addresses") == ""
        with pytest.raises(sa.exc.ProgrammingError):
            ask(url, "select 'RAHASIA-6402' from nowhere")
    log = (home.home / "postgres" / "server.log").read_text("utf-8", "replace")
    assert "RAHASIA" not in log
