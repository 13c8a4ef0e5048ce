"""The same input gives the same published bytes, wherever and in whatever order.

Rows shuffled, files sent in another order, another time zone, locale and hash seed,
processes of their own, an S3 server instead of a folder: every release file has the same
sha256.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

from e2e.home import Home
from e2e.lists import MEMBERS, WORKERS, people, write_csv
from integration.services import S3Server

pytestmark = pytest.mark.slow

MONTH = "2026-05"
DENOMINATORS = (
    "kode_wilayah", "segmen", "definisi", "jumlah_orang", "sumber", "tanggal_acuan",
)  # fmt: skip


def _files(folder: Path, shuffled: int | None = None) -> list[Path]:
    """A month with repeats and contradictions; shuffled rows and files on demand."""
    here, there = people(40), people(30, "64.07", first=60)
    workers = [one.as_worker() for one in here]
    workers.append(list(workers[3]))  # the same row twice
    other_place = here[5].as_worker()
    other_place[4] = "64.02.01.2004"  # the same person in another village
    workers.append(other_place)
    other_name = here[6].as_worker()
    other_name[1], other_name[7] = "CONTOH LAIN", "csr"  # and under another name
    workers.append(other_name)
    bad = here[7].as_worker()
    bad[0] = bad[0][:15]
    workers.append(bad)
    neighbours = [one.as_worker() for one in there]
    neighbours.append(here[8].as_worker()[:4] + neighbours[0][4:])  # in two regencies
    members = [
        one.as_member(paid, code, "kemendagri", segment)
        for number, one in enumerate([*here[:30], *there[:20]])
        for paid in ("2026-05", "2026-03", "2025-12")[number % 3 : number % 3 + 1]
        for code in ("64.02" if one.regency == "64.02" else "64.07",)
        for segment in (("BPU", "PU") if number % 7 == 0 else ("BPU",))
    ]
    for number, row in enumerate(members):
        row[0] = f"27{number:09d}"
    again = list(members[4])
    again[7] = "2026-01"  # one card twice, paid through different months
    members.append(again)
    shares = [
        [code, segment, "demo", str(size), "Contoh", "31/12/2025"]
        for code in ("64", "64.02", "64.07")
        for segment, size in (("BPU", 90), ("PU", 7), ("ALL", 100))
    ]
    lists = [
        (f"pekerja_rentan_64.02_{MONTH}.csv", WORKERS, workers),
        (f"pekerja_rentan_64.07_{MONTH}.csv", WORKERS, neighbours),
        (f"bpjs_kepesertaan_64_{MONTH}.csv", MEMBERS, members),
        (f"penyebut_64_{MONTH}.csv", DENOMINATORS, shares),
    ]
    if shuffled is not None:
        shuffle = random.Random(shuffled).shuffle
        for _, _, rows in lists:
            shuffle(rows)
        shuffle(lists)
    return [write_csv(folder / name, header, rows) for name, header, rows in lists]


@pytest.fixture(scope="module")
def plain(
    new_home: Callable[..., Home], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Home, dict[str, str]]:
    home = new_home()
    home.cli("submit", *_files(tmp_path_factory.mktemp("plain"))).ok()
    home.cli("run").ok()
    files = home.release_files()
    assert len(files) > 10
    return home, files


def _differing(left: dict[str, str], right: dict[str, str]) -> set[str]:
    return {key for key, _ in left.items() ^ right.items()}


def test_the_input_shows_something(plain: tuple[Home, dict[str, str]]) -> None:
    home, _ = plain
    kinds = dict(
        home.rows(
            "select kind, sum(person_count) from mart.monthly_discrepancies "
            "where area_code = '64' group by kind"
        )
    )
    assert kinds["not_enrolled"] > 0
    assert kinds["lapsed"] > 0
    assert kinds["double_registered"] > 0


def test_shuffled_rows_and_files(
    plain: tuple[Home, dict[str, str]], new_home: Callable[..., Home], tmp_path: Path
) -> None:
    home = new_home()
    for path in _files(tmp_path, shuffled=7):
        home.cli("submit", path).ok()
    home.cli("run").ok()
    assert _differing(home.release_files(), plain[1]) == set()


def test_another_time_zone_locale_and_hash_seed(
    plain: tuple[Home, dict[str, str]], new_home: Callable[..., Home], tmp_path: Path
) -> None:
    home = new_home(
        TZ="America/St_Johns", LC_ALL="C", LANG="tr_TR.UTF-8", PYTHONHASHSEED="4711",
        CAKUPAN_THREADS="1", PYTHONUTF8="0",
    )  # fmt: skip
    home.cli("submit", *_files(tmp_path)).ok()
    home.shell("run").ok()
    assert _differing(home.release_files(), plain[1]) == set()


def test_on_a_real_object_store(
    plain: tuple[Home, dict[str, str]],
    new_home: Callable[..., Home],
    s3_server: S3Server,
    tmp_path: Path,
) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=s3_server.endpoint,
        aws_access_key_id=s3_server.access_key,
        aws_secret_access_key=s3_server.secret_key,
        region_name="us-east-1",
    )
    client.create_bucket(Bucket="cakupan")
    client.close()
    home = new_home(
        CAKUPAN_OBJECT_STORE="s3://cakupan/kaltim", TZ="Asia/Jayapura",
        **s3_server.environ,
    )  # fmt: skip
    home.cli("submit", *_files(tmp_path, shuffled=3)).ok()
    home.cli("run").ok()
    assert _differing(home.release_files(), plain[1]) == set()
    target = tmp_path / "out"
    home.cli("export", "--month", MONTH, "--to", target).ok()
    assert len(list(target.rglob("*.csv"))) >= 5


def test_another_key_gives_the_same_numbers(
    plain: tuple[Home, dict[str, str]], new_home: Callable[..., Home], tmp_path: Path
) -> None:
    """Pseudonyms change with the key; what is published has none."""
    home = new_home(CAKUPAN_PERSON_KEY="kunci-lain-" * 4)
    home.cli("submit", *_files(tmp_path)).ok()
    home.cli("run").ok()
    assert _differing(home.release_files(), plain[1]) == set()
