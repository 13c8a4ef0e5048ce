"""The process whose forks read files: ``python -P -m cakupan.staging.child_server``.

Starting Python and importing Arrow costs more than reading a small file, so it is done
once. The server itself never opens a file that was sent: each is read by a fork that
limits itself and ends with it (:mod:`cakupan.staging.child`). The server has one thread
and no secret in its environment; it ends, and the fork with it, when whoever started it
has closed its standard input.

A job is one line: folder to work in, seconds, job file, with tabs between. The answer is
one line: the exit code of the fork (negative: the signal that ended it), or ``late``.
"""

from __future__ import annotations

import os
import select
import signal
import tempfile

from cakupan.staging import child

_INPUT, _OUTPUT = 0, 1
LATE = "late"


def serve() -> None:
    """Fork a reader for every job until nobody is left to ask."""
    child.import_readers()
    while line := _next_line():
        folder, seconds, job = line.split("\t")
        pid = _fork(folder, job)
        answer = _watch(pid, float(seconds))
        os.write(_OUTPUT, f"{answer}\n".encode())


def _next_line() -> str:
    """The next job; empty when there will be none."""
    data = b""
    while not data.endswith(b"\n"):
        more = os.read(_INPUT, 1 << 16)
        if not more:
            return ""
        data += more
    return data.decode().rstrip("\n")


def _fork(folder: str, job: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setsid()
        _silence()
        os.chdir(folder)
        tempfile.tempdir = folder
        child.main(job)
        status = 0
    finally:
        os._exit(status)  # nothing of the server is run again


def _silence() -> None:
    """Nothing a parser prints may be taken for an answer."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (_INPUT, _OUTPUT, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)


def _watch(pid: int, seconds: float) -> str:
    """How a fork ended; it is ended when time is up or nobody waits any more."""
    handle = os.pidfd_open(pid)
    try:
        # nothing is asked before the answer: what comes now is the end of the input
        ready, _, _ = select.select([handle, _INPUT], [], [], seconds)
        if handle not in ready:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
    finally:
        os.close(handle)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return str(status) if handle in ready else LATE


if __name__ == "__main__":
    serve()
