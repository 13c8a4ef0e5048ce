"""The money files of the bench month: budgets, pledges, payments, claims, matches.

One payment row per membership that is paid for the month, as the extract of the same
month says; everything is seeded: the same extract gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from bench.data import MONTH, PROVINCE, BenchData, Columns, write_csv
from cakupan.core import areas

_GROUPS = ("pekerja_rentan", "non_asn", "aparatur_desa", "rt_rw")
_CLAIMS_PER_PARTICIPANT = 0.0025
_MATCHED_SHARE = 0.2
#: PU at a wage of Rp3,500,000 and BPU at the minimum base: JKK, JKM, JHT, JP, JKP.
_PU_RUPIAH = ("18,900.00", "10,500.00", "199,500.00", "105,000.00", "16,100.00")
_BPU_RUPIAH = ("10,000.00", "6,800.00", "", "", "")


def _file(folder: Path, dataset: str, area: str) -> Path:
    return folder / f"{dataset}_{area}_{MONTH}.csv"


def _texts(count: int, text: str) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    return np.full(count, text)


def _plans(folder: Path, area: str, random: np.random.Generator) -> list[Path]:
    """Budget, pledges and policies of one area."""
    people = random.integers(500, 20_000, len(_GROUPS))
    ceiling = [f"{count * 16_800 * 12:,}.00" for count in people]
    payer = "apbd_prov" if area == PROVINCE else "apbd_kab"
    tables: dict[str, Columns] = {
        "anggaran": {
            "tahun": _texts(len(_GROUPS), MONTH[:4]),
            "sumber_dana": _texts(len(_GROUPS), payer),
            "kelompok": np.array(_GROUPS),
            "jumlah_orang": people.astype("U12"),
            "jumlah_bulan": _texts(len(_GROUPS), "12"),
            "pagu": np.array(ceiling),
            "realisasi": _texts(len(_GROUPS), "16,800,000.00"),
        },
        "csr": {
            "perusahaan": np.array(["PT CONTOH BORNEO", "PT CONTOH MAHAKAM"]),
            "kelompok": _texts(2, "pekerja_rentan"),
            "jumlah_orang": np.array(["250", "400"]),
            "jumlah_bulan": _texts(2, "12"),
            "nilai": np.array(["50,400,000.00", "80,640,000.00"]),
        },
        "kebijakan": {
            "jenis": np.array(["sk", "pks"]),
            "nomor": np.array([f"560/{area}/2026", f"119/{area}/2026"]),
            "tanggal": _texts(2, "02/01/2026"),
            "berlaku_sampai": np.array(["31/12/2026", "30/11/2026"]),
        },
    }
    for dataset, columns in tables.items():
        write_csv(_file(folder, dataset, area), columns)
    return [_file(folder, dataset, area) for dataset in tables]


def _payments(folder: Path, data: BenchData) -> Path:
    extract = pa_csv.read_csv(
        data.extract,
        convert_options=pa_csv.ConvertOptions(
            include_columns=["kpj", "segmen", "sumber_iuran", "bulan_iuran_terakhir"]
        ),
    )
    paid = extract.filter(
        pc.equal(pc.cast(extract["bulan_iuran_terakhir"], "string"), MONTH)
    )
    is_pu = pc.equal(paid["segmen"], "PU").to_numpy()
    columns: Columns = {
        "kpj": paid["kpj"].to_numpy().astype("U11"),
        "bulan_iuran": _texts(len(paid), MONTH),
        "sumber_iuran": paid["sumber_iuran"].to_numpy().astype("U12"),
    }
    for name, of_pu, of_bpu in zip(
        ("jkk", "jkm", "jht", "jp", "jkp"), _PU_RUPIAH, _BPU_RUPIAH, strict=True
    ):
        columns[f"{name}_rupiah"] = np.where(is_pu, of_pu, of_bpu)
    columns["tanggal_bayar"] = _texts(len(paid), "14/09/2026")
    path = _file(folder, "bpjs_iuran", PROVINCE)
    write_csv(path, columns)
    return path


def _persons(folder: Path, data: BenchData, random: np.random.Generator) -> list[Path]:
    """Claims and Dukcapil matches of some of the participants."""
    extract = pa_csv.read_csv(
        data.extract,
        convert_options=pa_csv.ConvertOptions(
            include_columns=["kpj", "nik"], column_types={"nik": "string"}
        ),
    )
    count = int(data.extract_rows * _CLAIMS_PER_PARTICIPANT)
    chosen = extract.take(random.choice(len(extract), count, replace=False))
    programme = np.array(["JKM", "JKK", "JHT"])[random.integers(0, 3, count)]
    claims = _file(folder, "bpjs_klaim", PROVINCE)
    write_csv(
        claims,
        {
            "nomor_klaim": np.array([f"K{number:09d}" for number in range(count)]),
            "kpj": chosen["kpj"].to_numpy().astype("U11"),
            "nik": chosen["nik"].to_numpy(zero_copy_only=False).astype("U16"),
            "program": programme,
            "tanggal_kejadian": _texts(count, "20/08/2026"),
            "tanggal_bayar": _texts(count, "10/09/2026"),
            "jumlah": np.where(programme == "JKM", "42,000,000.00", "7,500,000.00"),
        },
    )
    niks = np.unique(extract["nik"].to_numpy(zero_copy_only=False).astype("U16"))
    asked = niks[random.random(len(niks)) < _MATCHED_SHARE]
    matches = _file(folder, "dukcapil_padan", PROVINCE)
    write_csv(
        matches,
        {
            "nik": asked,
            "status": random.choice(
                ["padan", "tidak_padan", "meninggal"], len(asked), p=[0.97, 0.02, 0.01]
            ),
            "tanggal": _texts(len(asked), "01/09/2026"),
        },
    )
    return [claims, matches]


def write(data: BenchData) -> tuple[Path, ...]:
    """Write the files beside those of the main job, in a folder of their own."""
    folder = data.extract.parent / "money"
    done = folder / "done"
    if not done.exists():
        folder.mkdir(exist_ok=True)
        random = np.random.default_rng(65)
        for area in (PROVINCE, *areas.regencies(PROVINCE)):
            _plans(folder, area, random)
        _payments(folder, data)
        _persons(folder, data, random)
        done.touch()
    return tuple(sorted(folder.glob("*.csv")))
