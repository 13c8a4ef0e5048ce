"""Great Expectations in a process of its own: no network, no file, no word."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROBE = """
import sys

calls = []

def watch(event, arguments):
    mode = arguments[1] if event == "open" else None
    if isinstance(mode, str) and set(mode) & set("wax+"):
        calls.append(("open", str(arguments[0])))
    elif event in {"socket.connect", "os.mkdir", "socket.getaddrinfo"}:
        calls.append((event, str(arguments[0])))

import pandas as pd
from cakupan.core.findings import Grade, Severity
from cakupan.quality import gx
from cakupan.quality.suite import Rule

rule = Rule(
    0, "expect_column_values_to_match_regex", {"column": "nik", "regex": "^[0-9]{16}$"},
    Severity.CRITICAL, "NIK_LENGTH", Grade.RECORD, "nik",
)
broken = Rule(
    1, "expect_column_values_to_be_between", {"column": "nik", "max_value": 5},
    Severity.CRITICAL, "NIK_LENGTH", Grade.RECORD, "nik",
)
rows = pd.Index([2, 3], name="source_row")
frame = pd.DataFrame({"nik": ["KENARI99", None]}, index=rows)
sys.addaudithook(watch)
assert gx.judge(frame, [rule]).to_pylist() == [{"rule_id": 0, "source_row": 2}]
try:
    gx.judge(frame, [broken])
except Exception as error:
    assert "QUALITY_CHECK_FAILED" in str(error), error
    assert "KENARI" not in str(error)
    assert error.__cause__ is None and error.__context__ is None
else:
    raise SystemExit("a check that cannot run must not pass")
print(calls)
"""


def test_it_writes_nothing_connects_nowhere_and_says_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-c", PROBE],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "KENARI" not in done.stdout + done.stderr
    assert done.stderr == ""
    written = [call for call in eval(done.stdout) if "__pycache__" not in call[1]]
    assert written == []
    assert list(tmp_path.iterdir()) == []
