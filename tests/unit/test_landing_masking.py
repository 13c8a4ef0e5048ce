"""What digits stay in a text, and that an identity number never does."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cakupan.core.masking import PersonalDataFilter, mask_text, masked_name

NIK = "6402014107850001"


@pytest.mark.parametrize(
    "text",
    [
        "64.02.01.2003",
        "64.02 2026-09",
        "rt_rw-64.02-2026-09-001: received 1200 = accepted 1100",
        "lake/bpjs_kepesertaan/64/2026-09/bpjs_kepesertaan-64-2026-09-012/raw.parquet",
        "64-2026-09-12345678901a",
        "2026-09-30 12:30:00,123",
        "2026-09-30T12:30:00.123456+00:00",
        "2026-10-10T23:59:59+08:00 x",
        "archive/12/" + "1234567890" * 6 + "abcd",
        "123e4567-1234-4234-8234-123456789012",
        "123456789",
        "rt_rw_64.02_2026-09.csv",
    ],
)
def test_what_is_needed_to_find_ones_way_stays(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        NIK,
        f"NIK {NIK}.",
        f"abc{NIK}",
        f"{NIK}abc",
        "6402 0141 0785 0001",
        "6402.0141.0785.0001",
        "6402-01-410785-0001",
        "64.02.01.410785.0001",
        "1902-01-410785-0001",
        f"2026-09-{NIK}",
        f"rt_rw-64.02-2026-09-{NIK}",
        f"64.02.{NIK}",
        "6.402014107850001e15",
        "0812-3456-7890",
        "12345678901",
        "６４０２０１４１０７８５０００１",
    ],
)
def test_long_numbers_go(text: str) -> None:
    masked = mask_text(text)
    left = "".join(letter for letter in masked if letter.isdigit())
    assert "*" * 10 in masked
    assert len(left) < 10
    assert len(masked) == len(text)


def test_an_area_code_before_a_number_may_stay_but_not_the_number() -> None:
    assert mask_text("64.02.01 410785 0001") == "64.02.01 ***********"


@settings(derandomize=True)
@given(
    before=st.text(max_size=8),
    nik=st.from_regex(r"[1-9][0-9]{15}", fullmatch=True),
    after=st.text(max_size=8),
)
def test_no_surroundings_let_a_number_through(
    before: str, nik: str, after: str
) -> None:
    assert nik not in mask_text(f"{before}{nik}{after}")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (f"data_{NIK}.csv", "data_XXXXXXXXXXXXXXXX.csv"),
        ("kirim 123456.xlsx", "kirim XXXXXX.xlsx"),
        ("rt_rw_64.02_2026-09_rev12.xlsx", "rt_rw_64.02_2026-09_rev12.xlsx"),
        ("rtrw_202609.csv", "rtrw_202609.csv"),
        ("lahir_010785.csv", "lahir_XXXXXX.csv"),
        ("64.02.01.2003.csv", "64.02.01.2003.csv"),
        ("0812 3456 7890.csv", "XXXXXXXXXXXXXX.csv"),
        (f"{NIK} 2026-09.csv", "XXXXXXXXXXXXXXXX 2026-09.csv"),
    ],
)
def test_file_names(name: str, shown: str) -> None:
    assert masked_name(name) == shown


@pytest.fixture
def masked_log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.handler.addFilter(PersonalDataFilter())
    caplog.set_level(logging.INFO)
    return caplog


def test_filter_masks_message_arguments_and_traceback(
    masked_log: pytest.LogCaptureFixture,
) -> None:
    logger = logging.getLogger("cakupan.uji")
    logger.info("nik %s angka %d %s", NIK, int(NIK), {"nik": NIK})
    logger.info("nik " + NIK)
    logger.info("cocok %s", "tidak", NIK)  # noqa: PLE1205 - a mistake to survive
    try:
        raise ValueError(NIK)
    except ValueError:
        logger.exception("gagal", stack_info=True)
    assert NIK not in masked_log.text
    assert "ValueError" in masked_log.text
    assert "test_landing_masking" in masked_log.text
    assert masked_log.records[0].args is None


def test_filter_leaves_other_messages(masked_log: pytest.LogCaptureFixture) -> None:
    logging.getLogger("cakupan.uji").info("%d dari %d baris", 12, 3400)
    assert "12 dari 3400 baris" in masked_log.text
