"""A province month of any size, written a regency at a time in bounded memory.

Per regency one list of vulnerable workers and one extract of participants, both CSV.
Every value follows from the number of the person, so the same size gives the same bytes
and no table of people is ever held: DuckDB computes the rows while it writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from bench.data import FIRST, LAST, MONTH, PROVINCE
from cakupan.core import areas
from cakupan.core.lake import quoted_path

#: Rows of the province month at size 1, as in ``make bench``.
REGISTRY_ROWS = 500_000
EXTRACT_ROWS = 2_000_000

#: Persons of a list who are in no extract are numbered from here.
_ABSENT = 1_000_000_000

_MACROS = f"""
create macro pick(words, seed) as words[(1 + seed % len(words))::bigint];
create macro given_names() as {list(FIRST)!r};
create macro surnames() as {list(LAST)!r};
create macro paid_months() as [
    '2026-09', '2026-09', '2026-09', '2026-09', '2026-09', '2026-09', '2026-08',
    '2026-07', '2026-06', '2026-04'
];
create macro letters(number) as translate(
    lpad((number % 1000000)::varchar, 6, '0'), '0123456789', 'ABCDEFGHIJ'
);
create macro dirty_nik(nik, is_dirty) as if(is_dirty, nik[1:12] || 'x', nik);
"""

_PEOPLE = """
create macro people(first, last) as table
with drawn as (
    select
        numbers.number,
        pick(place.villages, hash(number, regency, 1)) as village,
        date '1963-01-01' + (hash(number, regency, 2) % 15700)::integer as born,
        hash(number, regency, 3) % 2 = 0 as is_woman,
        -- real serials are mostly small: a multiple of ten is rare
        1 + hash(number, 4) % 9 + 10 * (hash(number, regency, 5) % 900) as serial,
        hash(number, regency, 6) as name_seed,
    from range(first, last) as numbers (number)
    cross join place
)
select
    number,
    replace(village[1:8], '.', '')
    || lpad((day(born) + if(is_woman, 40, 0))::varchar, 2, '0')
    || strftime(born, '%m%y') || lpad(serial::varchar, 4, '0') as nik,
    pick(given_names(), name_seed) || ' ' || pick(surnames(), name_seed // 12)
    || ' ' || letters(name_seed // 1000) as nama,
    strftime(born, '%d/%m/%Y') as tanggal_lahir,
    if(is_woman, 'P', 'L') as jenis_kelamin,
    village as kode_desa,
from drawn;
"""

_EXTRACT = """
select
    26000000000 + $first_card + number as kpj,
    nik,
    nama,
    tanggal_lahir,
    jenis_kelamin,
    pick(['BPU', 'PU', 'PU', 'JAKON'], hash(number, 11)) as segmen,
    'Y' as jkk,
    'Y' as jkm,
    if(segmen = 'PU', 'Y', 'T') as jht,
    if(segmen = 'PU', 'Y', 'T') as jp,
    if(segmen = 'PU', 'Y', 'T') as jkp,
    if(segmen = 'PU', '15070955', '') as npp,
    if(segmen = 'PU', 'PT CONTOH BORNEO', '') as nama_perusahaan,
    if(segmen = 'PU', 'perusahaan', 'mandiri') as sumber_iuran,
    'PERKEBUNAN' as sektor,
    '01/02/2024' as tanggal_kepesertaan,
    pick(paid_months(), hash(number, 12)) as bulan_iuran_terakhir,
    if(bulan_iuran_terakhir < '2026-07', 'TIDAK AKTIF', 'AKTIF') as status,
    (select regency from place) as kode_kabkota,
    kode_desa,
    'SAMARINDA' as kantor_cabang,
    'posting' as status_periode,
from people(0, $rows)
"""

_REGISTRY = """
select
    dirty_nik(nik, hash(number, 21) % 20 = 0) as "NIK",
    nama as "Nama Lengkap",
    tanggal_lahir as "Tgl Lahir",
    jenis_kelamin as "JK",
    'Jl. Contoh ' || kode_desa as "Alamat",
    kode_desa as "Kode Desa",
    pick(['Nelayan', 'Petani', 'Buruh', 'Pedagang', 'Tukang'], hash(number, 22))
        as "Pekerjaan",
    format('{:t.}', 100000 * (5 + (hash(number, 23) % 35)::bigint)) as "Penghasilan",
    pick(['usulan', 'terverifikasi', 'ditetapkan'], hash(number, 24)) as "Status",
    '560/K.12/2026' as "Nomor SK",
    '02/01/2026' as "Tanggal SK",
    pick(['apbd_kab', 'apbd_prov', 'csr'], hash(number, 25)) as "Sumber Dana",
    '01/01/2026' as "Mulai",
from (
    from people(0, $known)
    union all
    from people($absent, $absent + $rows - $known)
)
"""


def write_regencies(folder: Path, size: float) -> Iterator[list[Path]]:
    """Write the files of one regency after the other: a list and an extract.

    Args:
        folder: where they go; whoever is done with a file may remove it.
        size: 1 is the month of ``make bench``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    regencies = areas.regencies(PROVINCE)
    listed = int(REGISTRY_ROWS * size) // len(regencies)
    insured = int(EXTRACT_ROWS * size) // len(regencies)
    for place, regency in enumerate(regencies):
        villages = [
            village
            for district in areas.children(regency)
            for village in areas.children(district)
        ]
        with duckdb.connect(":memory:", config={"memory_limit": "500MB"}) as connection:
            connection.execute("set enable_progress_bar = false")
            connection.execute(
                _MACROS + "create table place (regency varchar, "
                "villages varchar[]);" + _PEOPLE
            )
            connection.execute("insert into place values (?, ?)", [regency, villages])
            paths = [
                folder / f"pekerja_rentan_{regency}_{MONTH}.csv",
                folder / f"bpjs_kepesertaan_{regency}_{MONTH}.csv",
            ]
            for path, query, told in (
                (
                    paths[0],
                    _REGISTRY,
                    {"known": listed * 3 // 5, "rows": listed, "absent": _ABSENT},
                ),
                (
                    paths[1],
                    _EXTRACT,
                    {"first_card": place * 100_000_000, "rows": insured},
                ),
            ):
                connection.execute(
                    f"copy ({query}) to {quoted_path(path)} (format csv, header)", told
                )
        yield paths
