"""The deployment of deploy/README.md, word for word, on this machine.

``make compose-test`` copies the sources to a folder of its own, builds the image, and
runs the commands of the page there: start, a month of files to its release, restart,
Celery workers with another month, backup, stop. Published figures must be those of
`cakupan run` on the same files. Took 25 minutes on two busy cores. Ends with 0 and says
so loudly when there is no engine here (``INSTALL=yes`` installs Debian's).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cakupan.demo import generate
from containers.engine import CannotRun, engine, images, quiet, say

ROOT = Path(__file__).resolve().parents[2]
NAME = "cakupantrial"
LABEL = f"label=com.docker.compose.project={NAME}"
MONTHS = ("2026-09", "2026-08")
SQL = "docker-compose exec -T {} psql -U {} -d {} -v ON_ERROR_STOP=1 -Atc {!r}"


class Trial:
    """One copy of the project and what is asked of it."""

    def __init__(self, work: Path) -> None:
        self.project = work / NAME
        self.local = work / "local"
        self.work = work
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        ours = ("CAKUPAN_", "AIRFLOW_", "AWS_", "COMPOSE_", "REDIS_", "POSTGRES_",
                "PYTHON")  # fmt: skip
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(ours)},
            "AIRFLOW_LISTEN": f"127.0.0.1:{port}",
            "CAKUPAN_HOME": str(self.local),
        }

    def copy(self) -> None:
        listed = quiet("git", "-C", str(ROOT), "ls-files", "-z", "--cached",
                       "--others", "--exclude-standard")  # fmt: skip
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (self.project / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.project / name)

    def run(self, command: str, *, fails: bool = False, shown: bool = True) -> str:
        """Run a command in the copy; its standard output."""
        if shown:
            say(f"$ {command}")
        with (self.work / "log").open("a+", encoding="utf-8") as log:
            begin = log.seek(0, os.SEEK_END)
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", command], cwd=self.project,
                env=self.environment, text=True, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=log, check=False,
            )  # fmt: skip
            log.seek(begin)
            errors = log.read()
        if fails:
            expect(done.returncode != 0, f"refused: {command}")
            return errors + done.stdout
        if done.returncode != 0:
            raise RuntimeError(f"{command}\n{(errors + done.stdout)[-4000:]}")
        return done.stdout

    def page(self, heading: str) -> list[str]:
        """The commands under a heading of deploy/README.md."""
        text = (self.project / "deploy/README.md").read_text("utf-8")
        match = re.search(rf"^## {heading}\n+```sh\n(.*?)```", text, re.M | re.S)
        if match is None:
            raise RuntimeError(f"deploy/README.md has no commands under {heading}")
        return [line for line in match[1].splitlines() if line.strip()]

    def containers(self) -> list[dict[str, Any]]:
        """Containers of the services, as the engine describes them."""
        ids = quiet("docker", "ps", "-aq", "--filter", LABEL, "--filter",
                    "label=com.docker.compose.oneoff=False").split()  # fmt: skip
        return json.loads(quiet("docker", "inspect", *ids)) if ids else []

    def settled(self) -> bool:
        """Init ended with 0 and every other service is healthy."""
        found = self.containers()
        for one in found:
            state = one["State"]
            if "Health" in state:
                if state["Health"]["Status"] != "healthy":
                    return False
            elif state["Running"] or state["ExitCode"] != 0:
                return False
        return len(found) >= 9

    def submit(self, month: str) -> None:
        """A synthetic province's month, by the page's own command."""
        berkas = self.project / "berkas"
        shutil.rmtree(berkas, ignore_errors=True)
        berkas.mkdir(mode=0o755)
        province = generate(
            self.work / month, months=1, scale=0.1, seed=64, last_month=month
        )
        for file in province.files:
            shutil.copy(file.path, berkas / file.path.name)
            (berkas / file.path.name).chmod(0o644)
        self.run(self.page("Commands")[0])

    def published(self, month: str) -> list[dict[str, Any]]:
        """The coverage table there, as the image's own command shows it."""
        command = f"docker-compose run --rm -T init cakupan coverage --month {month}"
        query = (
            f"select count(*) from mart.releases where coverage_month = '{month}-01'"
        )
        if self.sql(query) == "0":
            return []
        return _figures(self.run(f"{command} --json", shown=False))

    def expected(self, month: str) -> list[dict[str, Any]]:
        """The same files by `cakupan run` on this machine, with its own database."""
        program = str(Path(sys.executable).with_name("cakupan"))
        sent = f"{program} submit berkas/*"
        self.run(f"{sent} && {program} run --month {month} || [ $? = 3 ]")
        return _figures(self.run(f"{program} coverage --month {month} --json"))

    def sql(self, query: str) -> str:
        """One value of the warehouse, as its administrator."""
        command = SQL.format("warehouse-postgres", "postgres", "cakupan", query)
        return self.run(command, shown=False).strip()

    def logs(self) -> str:
        return quiet("docker-compose", "--profile", "celery", "logs", "--no-color",
                     "--tail=40", cwd=self.project, env=self.environment,
                     check=False)  # fmt: skip

    def remove(self) -> None:
        if (self.project / ".env").exists():
            self.run("docker-compose --profile celery down --volumes --remove-orphans")


def _figures(text: str) -> list[dict[str, Any]]:
    rows = json.loads(text)
    return [{k: v for k, v in row.items() if k != "release_id"} for row in rows]


def expect(holds: bool, what: str) -> None:
    """One checked point."""
    if not holds:
        raise RuntimeError(f"not so: {what}")
    print(f"   ok {what}", flush=True)


def wait(what: str, reached: Callable[[], bool], minutes: float) -> None:
    """Until it is so; an error when it takes longer than any machine needs."""
    end = time.monotonic() + 60 * minutes
    while not reached():
        if time.monotonic() > end:
            raise RuntimeError(f"still not so after {minutes:g} minutes: {what}")
        time.sleep(5)
    expect(True, what)


def _start(trial: Trial) -> None:
    shutil.copy(trial.project / ".env.example", trial.project / ".env")
    said = trial.run("docker-compose config -q", fails=True)
    expect(said.strip().endswith("in .env"), "the missing secret is named")
    (trial.project / ".env").unlink()
    for command in trial.page("Start"):
        trial.run(command)
    wait("init ended with 0, every service is healthy", trial.settled, 10)


def _closed(trial: Trial) -> None:
    for one in trial.containers():
        name, config, host = one["Name"], one["Config"], one["HostConfig"]
        expect(host["ReadonlyRootfs"] and host["Memory"] > 0, f"{name} limits")
        if not one["State"]["Running"]:
            continue
        expect(config["User"].split(":")[0] not in ("", "0", "root"), f"{name} user")
        status = quiet("docker", "exec", name, "cat", "/proc/1/status")
        expect("CapEff:\t0000000000000000" in status, f"{name} has no capability")
        expect("NoNewPrivs:\t1" in status, f"{name} gains none")
        written = ["docker", "exec", name, "touch", "/etc/written"]
        refused = subprocess.run(written, capture_output=True, check=False)
        expect(refused.returncode != 0, f"{name} cannot write its root")
    url = f"http://{trial.environment['AIRFLOW_LISTEN']}/api/v2/dags"
    code = trial.run(f"curl -s -o /dev/null -w '%{{http_code}}' --noproxy '*' {url}")
    expect(code == "401", "nobody reads the API without a login")
    vault = "docker-compose run --rm -T init cakupan sql 'select * from vault.persons'"
    said = trial.run(vault, fails=True)
    expect("SQL_FORBIDDEN" in said, "the analyst does not read the vault")
    wrong = "-e AWS_SECRET_ACCESS_KEY=wrong init cakupan init"
    said = trial.run(f"docker-compose run --rm -T {wrong}", fails=True)
    expect("STORE_DENIED" in said, "the object store refuses another key")


def _month(trial: Trial, month: str) -> list[dict[str, Any]]:
    trial.submit(month)
    expected = trial.expected(month)
    expect(len(expected) > 0, "the local run has figures")
    wait(
        f"{month} is published with the figures of `cakupan run`",
        lambda: trial.published(month) == expected,
        45,
    )
    return expected


def _whole(trial: Trial) -> None:
    _start(trial)
    _closed(trial)
    first = _month(trial, MONTHS[0])
    for command in trial.page("Commands")[1:]:
        expect(bool(trial.run(command)), "it answers")
    trial.run("docker-compose restart")
    wait("all healthy after a restart", trial.settled, 10)
    expect(trial.published(MONTHS[0]) == first, "and the release is there")

    trial.run(
        "REDIS_PASSWORD= docker-compose --profile celery run --rm redis", fails=True
    )
    for command in trial.page("Several workers"):
        trial.run(command)
    wait("all healthy with two workers", trial.settled, 10)
    workers = [one for one in trial.containers() if "worker" in one["Name"]]
    expect(len(workers) == 2, "two workers")
    _month(trial, MONTHS[1])
    query = (
        "select count(distinct hostname) from task_instance "
        "where state = 'success' and hostname <> 'airflow-scheduler'"
    )
    command = SQL.format("airflow-postgres", "airflow", "airflow", query)
    expect(int(trial.run(command)) >= 1, "tasks ran in the workers")

    for command in [*trial.page("Backup"), *trial.page("Update")]:
        trial.run(command)
    for name in ("cakupan.dump", "airflow.dump", "objects.tar"):
        expect((trial.project / name).stat().st_size > 10_000, f"{name} has content")
    wait("all healthy after an update", trial.settled, 10)
    for command in trial.page("Stop"):
        trial.run(command)


@contextmanager
def _removed(trial: Trial) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        print(f"\n!! {error}", trial.logs()[-20_000:], sep="\n", file=sys.stderr)
        raise
    finally:
        trial.remove()


def main() -> int:
    """Entry point; ``--install`` may install and start Debian's engine."""
    with tempfile.TemporaryDirectory(prefix="cakupan-compose-") as folder:
        trial = Trial(Path(folder))
        try:
            with engine(may_install="--install" in sys.argv, work=Path(folder)):
                if trial.containers():
                    raise CannotRun(f"a project {NAME} is there already; remove it")
                with images():
                    trial.copy()
                    with _removed(trial):
                        _whole(trial)
                for kind in (["ps", "-aq"], ["volume", "ls", "-q"],
                             ["network", "ls", "-q"]):  # fmt: skip
                    left = quiet("docker", *kind, "--filter", LABEL)
                    expect(not left.strip(), f"nothing is left: docker {kind[0]}")
        except CannotRun as reason:
            print(f"\n!! NOT RUN: {reason}\n", file=sys.stderr)
            return 0
        except RuntimeError as error:
            print(f"\n!! FAILED: {error}\n", file=sys.stderr)
            return 1
    say("the deployment works as its page says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
