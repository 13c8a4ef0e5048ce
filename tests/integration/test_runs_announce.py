"""What an ingest run takes up, and which months it names afterwards."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from cakupan.core import ledger
from cakupan.core.context import Context
from cakupan.core.errors import CakupanError
from cakupan.core.findings import findings_table
from cakupan.core.settings import Settings
from cakupan.core.store import prepare_store
from cakupan.runs.announce import months_with_news, take_up
from cakupan.runs.digest import write_digest
from cakupan.runs.ingest import process_batch

HEADER = b"NIK;Nama;Tanggal Lahir;Jabatan\n"


@pytest.fixture
def context(settings: Settings, engine: sa.Engine) -> Context:
    return Context(settings, prepare_store(settings), engine)


def _land(context: Context, dataset: str, area: str, month: str) -> None:
    key = f"landing/{dataset}/{area}/{month}/a.csv"
    context.store.put(key, HEADER + f"{dataset} {area} {month}".encode())


def _accept(context: Context, submission_id: str) -> None:
    ledger.record_result(
        context.engine, submission_id, state="accepted", received_count=0,
        accepted_count=0, quarantined_count=0, rejected_count=0, is_nil=True,
        file_format="csv", layout={}, staged_sha256="0" * 64,
        findings=findings_table([]),
    )  # fmt: skip


def test_one_entry_per_regency_and_month_and_only_of_the_group(
    context: Context,
) -> None:
    _land(context, "rt_rw", "64.02", "2026-09")
    _land(context, "non_asn", "64.02", "2026-09")
    _land(context, "rt_rw", "64.02", "2026-08")
    _land(context, "penyebut", "64", "2026-09")
    _land(context, "bpjs_kepesertaan", "64", "2026-09")
    taken = take_up(context, "regency")
    assert [(one["month"], one["area_code"], len(one["submission_ids"]))
            for one in taken] == [
        ("2026-08", "64.02", 1), ("2026-09", "64", 1), ("2026-09", "64.02", 2),
    ]  # fmt: skip
    assert taken[2]["label"] == "64.02 Kabupaten Kutai Kartanegara 2026-09"
    assert [one["submission_ids"] for one in take_up(context, "bpjs")] == [
        ["bpjs_kepesertaan-64-2026-09-001"]
    ]


def test_what_waits_is_offered_again_until_it_is_done(context: Context) -> None:
    _land(context, "rt_rw", "64.02", "2026-09")
    assert take_up(context, "regency") == take_up(context, "regency")
    _accept(context, "rt_rw-64.02-2026-09-001")
    assert take_up(context, "regency") == []


def test_what_comes_to_no_end_rests_unless_a_person_asks(context: Context) -> None:
    _land(context, "rt_rw", "64.02", "2026-09")
    (batch,) = take_up(context, "regency")
    (waiting,) = ledger.pending(context.engine, ["64"])
    context.store.delete(waiting.archive_key)
    with pytest.raises(CakupanError):
        process_batch(context, batch)
    assert take_up(context, "regency") == []
    assert take_up(context, "regency", is_asked=True) == [batch]


def test_a_file_refused_on_arrival_is_named_once(context: Context) -> None:
    _land(context, "rt_rw", "62.01", "2026-09")  # a province that is not served
    assert [one["area_code"] for one in take_up(context, "regency")] == ["62.01"]
    assert take_up(context, "regency") == []


def test_nothing_landed_is_no_news(context: Context) -> None:
    assert take_up(context, "regency") == []
    assert months_with_news(context) == {}


def test_every_month_that_is_behind_is_news(context: Context) -> None:
    for month in ("2026-07", "2026-08", "2026-09"):
        _land(context, "rt_rw", "64.02", month)
    for one in take_up(context, "regency"):
        for submission_id in one["submission_ids"]:
            _accept(context, submission_id)
    assert months_with_news(context) == {
        "2026-07": ["64"], "2026-08": ["64"], "2026-09": ["64"]
    }  # fmt: skip


def test_an_extract_leaves_months_whose_lists_still_wait_to_their_own_flow(
    context: Context,
) -> None:
    _land(context, "rt_rw", "64.02", "2026-09")
    _land(context, "bpjs_kepesertaan", "64", "2026-08")
    take_up(context, "regency")
    assert set(months_with_news(context)) == {"2026-08", "2026-09"}
    assert set(months_with_news(context, "regency")) == {"2026-08"}


def test_a_file_refused_on_arrival_is_in_the_digest(context: Context) -> None:
    """Alone, and beside files of the same regency and month that wait."""
    _land(context, "rt_rw", "62.01", "2026-09")
    (alone,) = take_up(context, "regency")
    refused = alone["submission_ids"][0]
    result = process_batch(context, alone)
    assert [(one["submission_id"], one["state"]) for one in result["submissions"]] == [
        (refused, "refused")
    ]
    digest = write_digest(context, "ingest_regency_uploads", "uji", [result], [])
    assert digest["results"][0]["submissions"][0]["submission_id"] == refused

    _land(context, "non_asn", "64.02", "2026-09")
    _land(context, "apa_ini", "64.02", "2026-09")
    (both,) = take_up(context, "regency")
    assert len(both["submission_ids"]) == 2
