"""A container engine and the images the trial needs, from what this machine reaches."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = ("docker.io", "docker-compose", "debootstrap")
PYTHON = "python:3.11-slim-bookworm"
#: Images that docker-compose.yaml names, and the stage of `Dockerfile` that stands in.
STAND_INS = {
    "postgres:18-bookworm": "postgres",
    "redis:7-bookworm": "redis",
    "chrislusf/seaweedfs:4.48": "objectstore",
}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class CannotRun(Exception):
    """The trial cannot run here; the text says what is missing."""


def say(text: str) -> None:
    """One line of progress."""
    print(f">> {text}", flush=True)


def quiet(*command: str, check: bool = True, **options: object) -> str:
    """Run a command; its output, or an error that shows the end of it."""
    done = subprocess.run(  # type: ignore[call-overload]
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False, **options,
    )  # fmt: skip
    if check and done.returncode != 0:
        shown = " ".join(command)
        raise RuntimeError(f"{shown}\n{done.stdout[-3000:]}")
    return str(done.stdout)


def _answers() -> bool:
    try:
        return not subprocess.run(
            ["docker", "info"], capture_output=True, check=False
        ).returncode
    except FileNotFoundError:
        return False


@contextmanager
def engine(*, may_install: bool, work: Path) -> Iterator[None]:
    """The engine that runs here, else Debian's, started for the trial and stopped.

    Raises:
        CannotRun: there is none and it may or can not be installed and started.
    """
    missing = [
        package
        for package, program in zip(
            PACKAGES, ("dockerd", "docker-compose", "debootstrap"), strict=True
        )
        if shutil.which(program) is None
    ]
    running = _answers()
    if running and shutil.which("docker-compose"):
        yield
        return
    if not may_install:
        raise CannotRun(
            "no running container engine with docker-compose; as root on Debian or "
            "Ubuntu `make compose-test INSTALL=yes` installs and starts one"
        )
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise CannotRun("an engine is started only by root on Debian or Ubuntu")
    if missing:
        say(f"installs with apt-get: {' '.join(missing)}")
        quiet("apt-get", "update", "-q")
        quiet(
            "apt-get", "install", "-y", "-q", "--no-install-recommends", *missing,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )  # fmt: skip
    if running or _answers():  # a package may have started it
        yield
        return
    say("starts dockerd until the end of the trial")
    with (work / "dockerd.log").open("wb") as log:
        daemon = subprocess.Popen(
            ["dockerd"], stdout=log, stderr=log, start_new_session=True
        )
    try:
        for _ in range(60):
            if _answers() or daemon.poll() is not None:
                break
            time.sleep(1)
        if not _answers():
            last = (work / "dockerd.log").read_text("utf-8", "replace")[-800:]
            raise CannotRun(f"dockerd does not start here:\n{last}")
        yield
    finally:
        daemon.terminate()
        daemon.wait(timeout=60)


@contextmanager
def images() -> Iterator[None]:
    """Every image that README and compose file name; stand-ins lose that name after."""
    lent: list[str] = []
    try:
        if not _available(PYTHON):
            _python()
            lent.append(PYTHON)
        for name, stage in STAND_INS.items():
            if _available(name):
                continue
            say(f"{name} cannot be pulled: a local stand-in takes its name")
            quiet("docker", "build", "-q", "--build-arg", f"BASE_IMAGE={PYTHON}",
                  "--target", stage, "-t", name, str(HERE))  # fmt: skip
            lent.append(name)
        yield
    finally:
        for name in lent:
            quiet("docker", "tag", name, f"cakupan-trial/{_short(name)}", check=False)
            quiet("docker", "rmi", name, check=False)


def _short(name: str) -> str:
    return name.rsplit("/", 1)[-1].replace(":", "-")


def _available(name: str) -> bool:
    found = ["docker", "image", "inspect", name]
    if not subprocess.run(found, capture_output=True, check=False).returncode:
        return True
    pull = ["docker", "pull", "-q", name]
    return not subprocess.run(pull, capture_output=True, check=False).returncode


def _python() -> None:
    """Debian 12 with its Python 3.11, made here once and kept under another name."""
    kept = f"cakupan-trial/{_short(PYTHON)}"
    if not quiet("docker", "images", "-q", kept).strip():
        if shutil.which("debootstrap") is None or os.geteuid() != 0:
            raise CannotRun(
                f"{PYTHON} cannot be pulled; debootstrap and root make it from Debian"
            )
        say(f"{PYTHON} cannot be pulled: debootstrap makes one")
        with tempfile.TemporaryDirectory(prefix="cakupan-base-") as folder:
            root = Path(folder) / "root"
            quiet("debootstrap", "--variant=minbase",
                  "--include=python3,tzdata,ca-certificates",
                  "bookworm", str(root))  # fmt: skip
            if CERTIFICATES.exists():  # this machine may trust a proxy of its own
                inside = root / CERTIFICATES.relative_to("/")
                inside.write_bytes(CERTIFICATES.read_bytes())
            archive = Path(folder) / "root.tar"
            quiet("tar", "-C", str(root), "-cf", str(archive), ".")
            quiet("docker", "import", "--change", f"ENV PATH={PATH}",
                  "--change", f"ENV SSL_CERT_FILE={CERTIFICATES}",
                  str(archive), kept)  # fmt: skip
    quiet("docker", "tag", kept, PYTHON)
