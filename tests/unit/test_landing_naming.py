"""What keys, names and options say a file is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from cakupan.core.contracts import DATASETS
from cakupan.core.errors import CakupanError, SubmissionRefused, UsageError
from cakupan.core.month import CoverageMonth
from cakupan.landing.naming import (
    is_ignored,
    nearest_slot,
    parse_key,
    read_key,
    slot_for,
)


@pytest.mark.parametrize(
    ("key", "slot"),
    [
        ("landing/rt_rw/64.02/2026-09/daftar.xlsx", "rt_rw/64.02/2026-09"),
        ("landing/rt_rw/64.02/2026-09/map/daftar.xlsx", "rt_rw/64.02/2026-09"),
        ("landing/rt_rw/64.02/2026-09/tanpa akhiran", "rt_rw/64.02/2026-09"),
        # "any name" may say anything
        (
            "landing/rt_rw/64.02/2026-09/pekerja_rentan_64.03_2026-08.csv",
            "rt_rw/64.02/2026-09",
        ),
        ("landing/penyebut/64/2026-09/bps.csv", "penyebut/64/2026-09"),
        ("landing/RT_RW/64.02/2026-09/x.csv", "rt_rw/64.02/2026-09"),
        ("landing/pekerja_rentan_64.02_2026-09.csv", "pekerja_rentan/64.02/2026-09"),
        ("landing/kiriman/rt_rw_64.71_2026-09.csv.gz", "rt_rw/64.71/2026-09"),
        ("landing/a/b/c/d/rt_rw_64.71_2026-09.csv", "rt_rw/64.71/2026-09"),
        ("landing/rt_rw/kukar/2026-09/rt_rw_64.02_2026-09.csv", "rt_rw/64.02/2026-09"),
        ("landing/non_asn_64_2026-09_perbaikan 2.xlsx", "non_asn/64/2026-09"),
        ("landing/aparatur_desa_64.02_2026-09 (1).xlsx", "aparatur_desa/64.02/2026-09"),
        (
            "landing/bpjs_kepesertaan_64_2026-09-2.parquet",
            "bpjs_kepesertaan/64/2026-09",
        ),
        ("landing/RT-RW 64.02 2026-09.CSV", "rt_rw/64.02/2026-09"),
    ],
)
def test_keys(key: str, slot: str) -> None:
    assert str(parse_key(key, ["64"])) == slot


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_dataset_has_a_flat_name(dataset: str) -> None:
    area = "64.02" if dataset in {"rt_rw", "aparatur_desa"} else "64"
    slot = parse_key(f"landing/{dataset}_{area}_2026-09.csv")
    assert slot.dataset == dataset


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("landing/daftar.xlsx", "LANDING_KEY_INVALID"),
        ("landing/", "LANDING_KEY_INVALID"),
        ("landing/a/b.csv", "LANDING_KEY_INVALID"),
        ("landing/rt_rw/64.02/daftar.csv", "LANDING_KEY_INVALID"),
        ("landing/rt_rw/64.02/2026-13/x.csv", "LANDING_KEY_INVALID"),
        ("landing/rt_rw/64.02/September/x.csv", "LANDING_KEY_INVALID"),
        ("landing/rt_rw_64.02_2026-9.csv", "LANDING_KEY_INVALID"),
        # a date says when it was made, not for which month
        ("landing/rt_rw_64.02_2026-09-30.csv", "LANDING_KEY_INVALID"),
        ("landing/rtrw/64.02/2026-09/x.csv", "DATASET_UNKNOWN"),
        ("landing/daftar_64.02_2026-09.csv", "DATASET_UNKNOWN"),
        ("landing/rt_rw/6402/2026-09/x.csv", "AREA_INVALID"),
        ("landing/rt_rw_6402_2026-09.csv", "AREA_INVALID"),
        ("landing/rt_rw/kukar/2026-09/x.csv", "AREA_INVALID"),
        ("landing/rt_rw/６４.02/2026-09/x.csv", "AREA_INVALID"),
        ("landing/rt_rw/64.99/2026-09/x.csv", "AREA_UNKNOWN"),
        ("landing/rt_rw/64.04/2026-09/x.csv", "AREA_RETIRED"),
        ("landing/rt_rw/64.11/2012-12/x.csv", "AREA_NOT_YET"),
        ("landing/rt_rw/62.01/2026-09/x.csv", "AREA_NOT_SERVED"),
        ("landing/rt_rw/64.02.01/2026-09/x.csv", "SENDER_NOT_ALLOWED"),
        ("landing/penyebut/64.02/2026-09/x.csv", "SENDER_NOT_ALLOWED"),
    ],
)
def test_keys_that_are_refused(key: str, code: str) -> None:
    with pytest.raises(SubmissionRefused) as caught:
        parse_key(key, ["64"])
    assert caught.value.code == code
    assert caught.value.hint


def test_what_was_understood_is_kept() -> None:
    month = CoverageMonth(2026, 11)
    for key, slot in (
        ("landing/rt_rw/62.01/2026-09/x.csv", "rt_rw/62.01/2026-09"),
        ("landing/rt_rw/6402/2026-09/x.csv", "rt_rw/00/2026-09"),
        ("landing/Budi/64.02/2026-09/x.csv", "tidak_dikenal/64.02/2026-09"),
        ("landing/rt_rw/64.02/baru/x.csv", "rt_rw/64.02/2026-11"),
        ("landing/x.csv", "tidak_dikenal/00/2026-11"),
    ):
        assert str(nearest_slot(read_key(key), month)) == slot


@pytest.mark.parametrize(
    "name",
    [
        ".x",
        "~$daftar.xlsx",
        "a.tmp",
        "a.csv.part",
        "a.CRDOWNLOAD",
        "Thumbs.db",
        ".a/b.csv",
    ],
)
def test_temporary_files_are_ignored(name: str) -> None:
    assert is_ignored(f"landing/rt_rw/64.02/2026-09/{name}")


def test_other_files_are_not_ignored() -> None:
    for name in ("a.csv", "tmp", "a.tmp.csv", "~x.csv", "x~$.csv", "part"):
        assert not is_ignored(f"landing/rt_rw/64.02/2026-09/{name}")


@pytest.mark.parametrize(
    ("path", "told", "slot"),
    [
        ("rt_rw_64.02_2026-09.csv", {}, "rt_rw/64.02/2026-09"),
        ("/data/rt_rw/64.02/2026-09/x.csv", {}, "rt_rw/64.02/2026-09"),
        ("/data/rt_rw/64.02/2026-09/lama/x.csv", {}, "rt_rw/64.02/2026-09"),
        ("x.csv", {"dataset": "rt_rw", "area": "64.02", "month": "2026-09"},
         "rt_rw/64.02/2026-09"),
        ("rt_rw_64.02_2026-09.csv", {"month": "2026-08"}, "rt_rw/64.02/2026-08"),
        ("rt_rw_6402_2026-09.csv", {"area": "64.02"}, "rt_rw/64.02/2026-09"),
        ("x_64.02_2026-09.csv", {"dataset": "rt_rw"}, "rt_rw/64.02/2026-09"),
        ("bps.csv", {"dataset": "penyebut", "area": "64", "month": "2026-09"},
         "penyebut/64/2026-09"),
        ("daftar rt_rw 64.02 2026-09 final.xlsx", {}, "rt_rw/64.02/2026-09"),
        ("/kiriman/2026-09/64.02/rt_rw.xlsx", {}, "rt_rw/64.02/2026-09"),
        ("/kiriman/64.02/2026-09/Pekerja-Rentan rev.csv", {},
         "pekerja_rentan/64.02/2026-09"),
        ("/kiriman/64/2026-09/non_asn.csv", {}, "non_asn/64/2026-09"),
        ("/a/rt_rw/64.02/2026-09/rt_rw_64.02_2026-09.csv", {}, "rt_rw/64.02/2026-09"),
        ("x.csv", {"dataset": "RT-RW", "area": " 64.02 ", "month": " 2026-09"},
         "rt_rw/64.02/2026-09"),
    ],
)  # fmt: skip
def test_paths_and_options(path: str, told: dict[str, str], slot: str) -> None:
    assert str(slot_for(Path(path), **told, provinces=["64"])) == slot


@pytest.mark.parametrize(
    ("path", "told", "kind", "code"),
    [
        ("x.csv", {}, SubmissionRefused, "LANDING_KEY_INVALID"),
        ("x.csv", {"dataset": "rt_rw"}, SubmissionRefused, "LANDING_KEY_INVALID"),
        ("rt_rw_6402_2026-09.csv", {}, SubmissionRefused, "AREA_INVALID"),
        ("baru_64.02_2026-09.csv", {}, SubmissionRefused, "DATASET_UNKNOWN"),
        ("rt_rw_62.01_2026-09.csv", {}, SubmissionRefused, "AREA_NOT_SERVED"),
        ("rt_rw_64_2026-09.csv", {}, SubmissionRefused, "SENDER_NOT_ALLOWED"),
        # folder and name contradict each other
        ("/rt_rw/64.02/2026-09/rt_rw_64.03_2026-09.csv", {}, SubmissionRefused,
         "LANDING_KEY_INVALID"),
        # two months in one name
        ("rt_rw 64.02 untuk 2026-08 dikirim 2026-09.csv", {}, SubmissionRefused,
         "LANDING_KEY_INVALID"),
        ("x.csv", {"area": "6402"}, UsageError, "AREA_INVALID"),
        ("x.csv", {"area": "kukar"}, UsageError, "AREA_INVALID"),
        ("x.csv", {"month": "09-2026"}, UsageError, "MONTH_INVALID"),
        ("x.csv", {"month": "2026-00"}, UsageError, "MONTH_INVALID"),
        ("x.csv", {"dataset": "gaji"}, UsageError, "DATASET_UNKNOWN"),
    ],
)  # fmt: skip
def test_paths_and_options_that_are_refused(
    path: str, told: dict[str, str], kind: type[CakupanError], code: str
) -> None:
    with pytest.raises(kind) as caught:
        slot_for(Path(path), **told, provinces=["64"])
    assert caught.value.code == code


def test_no_name_stands_in_an_error() -> None:
    key = "landing/Budi Santoso/6402014107850001/lahir/kartu.csv"
    with pytest.raises(SubmissionRefused) as caught:
        parse_key(key)
    assert "Budi" not in str(caught.value)
    assert "6402014107850001" not in str(caught.value)
