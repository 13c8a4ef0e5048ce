"""Hands jobs to the server whose forks read files; one server per process of ours."""

from __future__ import annotations

import atexit
import os
import select
import subprocess
import sys
import threading
from pathlib import Path

import cakupan
from cakupan.core.errors import OperationalError
from cakupan.staging.child_server import LATE

#: What a server may need beyond the time a job is given: to start, to fork, to answer.
_ALLOWANCE = 60.0


class _ServerLost(Exception):
    """The server ended or does not answer."""


class ChildServer:
    """A running server; its forks end with it, and it ends with whoever holds this."""

    def __init__(self) -> None:
        questions, self._questions = os.pipe()
        self._answers, answers = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cakupan.staging.child_server"],
            cwd="/",
            env=_environment(),
            stdin=questions,
            stdout=answers,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(questions)
        os.close(answers)

    def ask(self, line: bytes, seconds: float) -> str:
        """The answer to one job.

        Raises:
            _ServerLost: there is none.
        """
        try:
            os.write(self._questions, line)
        except BrokenPipeError as error:
            raise _ServerLost from error
        answer = b""
        while not answer.endswith(b"\n"):
            if not select.select([self._answers], [], [], seconds + _ALLOWANCE)[0]:
                raise _ServerLost
            more = os.read(self._answers, 64)
            if not more:
                raise _ServerLost
            answer += more
        return answer.decode().strip()

    def let_go(self) -> None:
        """Close our ends; the server ends when nobody else holds them."""
        os.close(self._questions)
        os.close(self._answers)

    def stop(self) -> None:
        """End the server and its fork."""
        self.let_go()
        try:
            self.process.wait(_ALLOWANCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


_lock = threading.Lock()
_server: ChildServer | None = None


def run_child(folder: Path, job: Path, seconds: float) -> int | None:
    """Do a job in a fork of the server, which is started when there is none.

    Args:
        folder: where the fork works; scratch.
        job: file for :func:`cakupan.staging.child.main`.
        seconds: wall time it may take.

    Returns:
        Exit code, negative for the signal that ended it; ``None`` when time was up.

    Raises:
        OperationalError: the server was lost, and the one after it too.
    """
    line = f"{folder}\t{seconds}\t{job}\n".encode()
    with _lock:
        try:
            answer = _ask(line, seconds)
        except _ServerLost:
            answer = _ask_again(line, seconds)
    return None if answer == LATE else int(answer)


def _ask(line: bytes, seconds: float) -> str:
    try:
        return running_server().ask(line, seconds)
    except BaseException:
        stop_server()  # its answer must not be taken for that of the next job
        raise


def _ask_again(line: bytes, seconds: float) -> str:
    try:
        return _ask(line, seconds)
    except _ServerLost as error:
        raise OperationalError(
            "READER_LOST",
            "The process that reads files does not run.",
            "The file waits for the next run. If memory was short, give the machine more "
            "or lower CAKUPAN_THREADS.",
        ) from error


def running_server() -> ChildServer:
    """The server of this process, started when there is none."""
    global _server  # noqa: PLW0603 - one per process
    if _server is None:
        _server = ChildServer()
    return _server


@atexit.register
def stop_server() -> None:
    """End the server, if one runs; the next job starts another."""
    global _server  # noqa: PLW0603 - one per process
    if _server is not None:
        _server.stop()
        _server = None


def _forget() -> None:
    """A fork of ours starts its own, and does not keep that of its parent alive."""
    global _server, _lock  # noqa: PLW0603 - one per process
    _lock = threading.Lock()
    if _server is not None:
        _server.let_go()
        _server.process.returncode = 0  # not ours to wait for
        _server = None


os.register_at_fork(after_in_child=_forget)


def _environment() -> dict[str, str]:
    """The few variables the server needs; no secret of ours is among them."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(Path(cakupan.__file__).resolve().parent.parent),
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
        # one thread: others would not be there after a fork, and their locks would
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        "OPENBLAS_NUM_THREADS": "1",
    }
