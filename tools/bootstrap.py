"""Put the pinned `uv` under a folder, with nothing but Python's standard library.

A bare Debian has neither pip nor ensurepip. pip is used where it is there (it knows the
machine's own index settings); else the wheel is taken from the package index and its
sha256, as the index states it, is checked.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

VERSION = "0.13.9"
INDEX = os.environ.get("CAKUPAN_PYPI", "https://pypi.org")


def with_pip(target: Path) -> bool:
    """Install by pip into a folder of its own; False when that cannot be done."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--no-warn-script-location", "--upgrade"]
    command += ["--root-user-action=ignore", "--target", str(target / "lib")]
    done = subprocess.run(  # noqa: S603 - a fixed command
        [*command, f"uv=={VERSION}"], capture_output=True, text=True, check=False
    )
    binary = target / "lib" / "bin" / "uv"
    if done.returncode != 0 or not binary.exists():
        return False
    (target / "bin").mkdir(parents=True, exist_ok=True)
    link = target / "bin" / "uv"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("..") / "lib" / "bin" / "uv")
    return True


def with_urllib(target: Path) -> None:
    """Take the wheel from the index and unpack the one binary in it."""
    machine = platform.machine()
    libc = "musl" if not platform.libc_ver()[0] else "manylinux"
    page = f"{INDEX}/simple/uv/"
    with urllib.request.urlopen(page, timeout=60) as reply:
        links = re.findall(r'href="([^"#]+/uv-[^"#]+\.whl)#sha256=([0-9a-f]{64})"',
                           reply.read().decode())  # fmt: skip
    link, expected = next(
        (link, digest)
        for link, digest in links
        if f"/uv-{VERSION}-" in link and libc in link and machine in link
    )
    with urllib.request.urlopen(urllib.parse.urljoin(page, link), timeout=600) as reply:
        content = reply.read()
    if hashlib.sha256(content).hexdigest() != expected:
        raise SystemExit("uv: the wheel is not what the index says; try again.")
    (target / "bin").mkdir(parents=True, exist_ok=True)
    archive = target / Path(link).name
    archive.write_bytes(content)
    with zipfile.ZipFile(archive) as wheel_zip:
        member = next(n for n in wheel_zip.namelist() if n.endswith("/scripts/uv"))
        binary = target / "bin" / "uv"
        binary.write_bytes(wheel_zip.read(member))
        binary.chmod(0o755)
    archive.unlink()


def main() -> None:
    """Entry point: ``bootstrap.py FOLDER``."""
    target = Path(sys.argv[1]).resolve()
    if sys.version_info[:2] != (3, 11):
        print(
            f"note: this is Python {platform.python_version()}; uv will look for 3.11"
        )
    print(f">> uv {VERSION} into {target}")
    if with_pip(target):
        return
    try:
        with_urllib(target)
    except (urllib.error.URLError, StopIteration, OSError) as error:
        raise SystemExit(
            f"uv could not be fetched from {INDEX} ({error}). "
            "Check the network or proxy, or install uv yourself and link it to "
            f"{target / 'bin' / 'uv'}."
        ) from None


if __name__ == "__main__":
    main()
