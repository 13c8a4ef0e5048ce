"""The same input gives the same files in another time zone, locale and row order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[1]

PROGRAM = """
import locale, random, sys
from pathlib import Path
locale.setlocale(locale.LC_ALL, "")
from publish_rows import member, registered, release_content, sent
from cakupan.publish.files import write_files
target = Path(sys.argv[1])
people = [
    member(number, f"64.{1 + number % 3:02}", state, has_jht=number % 2 == 0)
    for number, state in enumerate(["active", "grace_1", "lapsed"] * 20)
]
workers = [registered(number, "64.02") for number in range(30)]
files = [sent("bpjs_kepesertaan", "64"), sent("pekerja_rentan", "64.02")]
for rows in (people, workers, files):
    random.Random(int(sys.argv[2])).shuffle(rows)
content = release_content(
    target / "content", participation=people, registry=workers, submissions=files
)
(target / "files").mkdir()
write_files(content, target / "files")
"""


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
def test_another_place_and_order(tmp_path: Path, zone: str) -> None:
    made = {}
    for name, settings, seed in (
        ("here", {"TZ": "UTC", "LC_ALL": "C"}, "1"),
        ("there", {"TZ": zone, "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "7"}, "2"),
    ):
        target = tmp_path / name
        target.mkdir()
        path = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(target), seed],
            check=True,
            env={**os.environ, **settings, "PYTHONPATH": path},
        )
        made[name] = {
            path.name: path.read_bytes() for path in (target / "files").iterdir()
        }
    assert made["here"].keys() == made["there"].keys()
    for name, data in made["here"].items():
        assert data == made["there"][name], name
