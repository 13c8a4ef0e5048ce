"""Three months, one late and one corrected file: any order ends in the same warehouse.

Every order of the months, with the late and the corrected files at different moments,
each followed by a run of its own. A run moves the month of its files and no other, but
for what stands: a budget and a death hold from their month on.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from cakupan.core.schema import core, ops, vault
from e2e.home import Home
from e2e.lists import MEMBERS, WORKERS, people, write_csv

pytestmark = pytest.mark.slow

APRIL, MAY, JUNE = "2026-04", "2026-05", "2026-06"
#: Of the late file of May, and of the corrected ones of April.
LATE, CORRECTED = "late", "corrected"
#: Events with files that later months read too.
STANDING = {APRIL, MAY, JUNE}
MONTH_OF = {APRIL: APRIL, MAY: MAY, JUNE: JUNE, LATE: MAY, CORRECTED: APRIL}
OTHER = "64.07"
PAYMENTS = ("kpj", "bulan_iuran", "sumber_iuran", "jkk_rupiah", "jkm_rupiah")
CLAIMS = ("nomor_klaim", "kpj", "program", "tanggal_bayar", "jumlah")
BUDGET = ("tahun", "sumber_dana", "kelompok", "jumlah_orang", "pagu", "realisasi")
MATCHES = ("nik", "status", "tanggal")
_MOMENTS = {"landing_number", "landing_etag", "landing_key_sha256"}


def _members(month: str, first: int, count: int) -> list[list[str]]:
    return [one.as_member(month, "64.02", "kemendagri")
            for one in people(count, first=first)]  # fmt: skip


def _payments(folder: Path, month: str, count: int, jkm: str, note: str = "") -> Path:
    rows = [
        [one.kpj, month, "apbd_kab", "10.000,00", jkm] for one in people(count, first=1)
    ]
    return write_csv(folder / f"bpjs_iuran_64_{month}{note}.csv", PAYMENTS, rows)


def _money(folder: Path, month: str, number: int) -> list[Path]:
    """Payments and claims of the month; a budget revised in June; a death told in May."""
    claim = [f"K{number}", people(3)[2].kpj, "JKK", "20/06/2026", "1.500.000,50"]
    files = [
        _payments(folder, month, 3 + number, "6.800,00"),
        write_csv(folder / f"bpjs_klaim_64_{month}.csv", CLAIMS, [claim]),
    ]
    if month != MAY:
        rows = [
            ["2026", "apbd_kab", "pekerja_rentan", "10", "2.016.000", f"{number}00"]
        ]
        files.append(write_csv(folder / f"anggaran_64.02_{month}.csv", BUDGET, rows))
    else:
        dead = [[people(4)[3].nik, "meninggal", "15/03/2026"]]
        path = folder / f"dukcapil_padan_64_{month}.csv"
        files.append(write_csv(path, MATCHES, dead))
    return files


def _files(folder: Path) -> dict[str, list[Path]]:
    """Files by event; people come, leave and return from month to month."""
    files = {}
    for number, month in enumerate((APRIL, MAY, JUNE)):
        workers = [one.as_worker() for one in people(8 + number)]
        files[month] = [
            write_csv(folder / f"pekerja_rentan_64.02_{month}.csv", WORKERS, workers),
            write_csv(
                folder / f"bpjs_kepesertaan_64_{month}.csv",
                MEMBERS,
                _members(month, 2 * (number % 2), 6 + number),
            ),
            *_money(folder, month, number),
        ]
    late = [one.as_worker() for one in people(3, OTHER, first=300)]
    name = f"pekerja_rentan_{OTHER}_{MAY}.csv"
    files[LATE] = [write_csv(folder / name, WORKERS, late)]
    again = _members(APRIL, 1, 6)
    again[0][4] = "PU"
    name = f"bpjs_kepesertaan_64_{APRIL}_koreksi.csv"
    files[CORRECTED] = [
        write_csv(folder / name, MEMBERS, again),
        _payments(folder, APRIL, 2, "6.799,99", "_koreksi"),
    ]
    return files


def _orders() -> list[tuple[str, ...]]:
    """Every order of the months; the two files early, in between or at the end."""
    found = []
    for number, months in enumerate(itertools.permutations((APRIL, MAY, JUNE))):
        if number % 2:
            found.append((*months, CORRECTED, LATE))
        else:
            order = [LATE, *months]
            order.insert(order.index(APRIL) + 1, CORRECTED)
            found.append(tuple(order))
    return found


def _content(home: Home) -> dict[str, list[str]]:
    """What is so now, without moments and without what was believed before."""
    content = {}
    tables = (
        *core.SLICED, core.persons, core.participation_history,
        core.participation_snapshots, vault.identities, ops.submissions, ops.findings,
        ops.current_releases,
    )  # fmt: skip
    with home.context() as context, context.engine.connect() as connection:
        for table in tables:
            query = sa.select(
                *(
                    sa.cast(column, sa.Text)
                    for column in table.columns
                    if not column.name.endswith("_at") and column.name not in _MOMENTS
                )
            )
            if "known_to_at" in table.columns:
                query = query.where(table.c.known_to_at.is_(None))
            content[str(table)] = sorted(repr(row) for row in connection.execute(query))
        departed = connection.execute(sa.text("select * from core.departures"))
        content["core.departures"] = sorted(repr(row) for row in departed)
    return content


def _current_files(home: Home) -> dict[str, str]:
    current = {
        str(row[0]) for row in home.rows("select release_id from ops.current_releases")
    }
    return {
        key: sha
        for key, sha in home.release_files().items()
        if key.split("/")[3] in current
    }


def _played(home: Home, files: dict[str, list[Path]], order: tuple[str, ...]) -> Home:
    """The events one by one; a run touches the month of its files, and later ones that
    read what stands."""
    for event in order:
        before = home.release_files()
        home.cli("submit", *files[event]).ok()
        done = home.cli("run", "--json").ok().json
        made = {release["month"] for release in done["releases"]}
        assert MONTH_OF[event] in made
        assert made == {MONTH_OF[event]} or event in STANDING
        assert min(made) == MONTH_OF[event]
        after = home.release_files()
        assert before.items() <= after.items()
        assert {key.split("/")[2] for key in after.keys() - before.keys()} <= made
    return home


def _paid(home: Home) -> dict[str, str]:
    rows = home.rows(
        "select to_char(coverage_month, 'YYYY-MM'), paid_rupiah::text "
        "from mart.monthly_funding where area_code = '64' and fiscal_year = 2026 "
        "and worker_group = 'ALL' and payer = 'ALL'"
    )
    return {str(month): str(paid) for month, paid in rows}


def test_any_order_ends_the_same(new_home: Callable[..., Home], tmp_path: Path) -> None:
    files = _files(tmp_path)
    first: tuple[dict[str, list[str]], dict[str, str]] | None = None
    for order in _orders():
        home = _played(new_home(CAKUPAN_THREADS="1"), files, order)
        ended = _content(home), _current_files(home)
        if first is None:
            first = ended
            assert len(ended[0]["core.departures"]) > 0
            assert len(ended[0]["ops.current_releases"]) == 3
            assert _paid(home) == {APRIL: "33599.98", MAY: "67200.00", JUNE: "84000.00"}
        for table, rows in ended[0].items():
            assert rows == first[0][table], (order, table)
        assert ended[1] == first[1], order
    moved = home.cli("differences", "--month", APRIL, "--json").ok().json
    assert {row["area_code"] for row in moved["differences"]} >= {"64", "64.02"}
    counts = {
        (row["area_code"], row["source"], row["group_code"]): row
        for row in moved["movements"]
    }
    entered = counts["64", "participation", "PU"]
    assert (entered["entered_count"], entered["left_count"]) == (1, 0)
    left = counts["64", "participation", "BPU"]
    assert (left["entered_count"], left["left_count"]) == (1, 2)
