-- table:   date_cells, amount_cells, listed_cells, village_cells, nik_profile: session tables
-- grain:   one spelling of a cell per column; nik_profile: the file
-- inputs:  raw_rows
-- params:  none
-- re-run:  replaced whole
--
-- Every spelling once: each is read once however many rows have it, and what only the
-- whole column can tell (notation of amounts, order of dates) is decided on them.

-- days
create or replace temp table date_cells as
select distinct
    'tanggal_lahir' as column_name,
    true as is_birth,
    tanggal_lahir as sent,
    tanggal_lahir__kind as kind,
from raw_rows
union all
select distinct
    'tanggal_sk' as column_name,
    false as is_birth,
    tanggal_sk as sent,
    tanggal_sk__kind as kind,
from raw_rows
union all
select distinct
    'mulai' as column_name,
    false as is_birth,
    mulai as sent,
    mulai__kind as kind,
from raw_rows
union all
select distinct
    'selesai' as column_name,
    false as is_birth,
    selesai as sent,
    selesai__kind as kind,
from raw_rows;

-- amounts of money, counts and other numbers
create or replace temp table amount_cells as
select distinct
    'penghasilan' as column_name,
    'rupiah' as amount_type,
    penghasilan as sent,
    penghasilan__kind as kind,
from raw_rows;

-- values of a short list
create or replace temp table listed_cells as
select distinct
    'jenis_kelamin' as column_name,
    'sex' as value_type,
    jenis_kelamin as sent,
from raw_rows
union all
select distinct
    'status' as column_name,
    'enum' as value_type,
    status as sent,
from raw_rows
union all
select distinct
    'sumber_dana' as column_name,
    'enum' as value_type,
    sumber_dana as sent,
from raw_rows;

-- villages by code and by name
create or replace temp table village_cells as
select distinct
    kode_desa as code_sent,
    desa as name_sent,
    kecamatan as district_sent,
from raw_rows
where row__defect is null;

-- identity numbers that end in 0: Excel's lost digits do
create or replace temp table nik_profile as
select
    count(*) filter (where regexp_full_match(nik_bare(nik), '[0-9]{16}')) as nik_count,
    count(*) filter (where regexp_full_match(nik_bare(nik), '[0-9]{15}0'))
        as zero_count,
from raw_rows;
