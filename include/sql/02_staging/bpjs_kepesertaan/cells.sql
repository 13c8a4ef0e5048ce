-- table:   date_cells, month_cells, amount_cells, listed_cells, area_code_cells, nik_profile: session tables
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
    'tanggal_kepesertaan' as column_name,
    false as is_birth,
    tanggal_kepesertaan as sent,
    tanggal_kepesertaan__kind as kind,
from raw_rows;

-- months
create or replace temp table month_cells as
select distinct
    'bulan_iuran_terakhir' as column_name,
    bulan_iuran_terakhir as sent,
    bulan_iuran_terakhir__kind as kind,
from raw_rows;

-- amounts of money, counts and other numbers
create or replace temp table amount_cells as
select distinct
    'upah' as column_name,
    'rupiah' as amount_type,
    upah as sent,
    upah__kind as kind,
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
    'segmen' as column_name,
    'enum' as value_type,
    segmen as sent,
from raw_rows
union all
select distinct
    'sumber_iuran' as column_name,
    'enum' as value_type,
    sumber_iuran as sent,
from raw_rows
union all
select distinct
    'status' as column_name,
    'enum' as value_type,
    status as sent,
from raw_rows
union all
select distinct
    'skema_kode' as column_name,
    'scheme' as value_type,
    skema_kode as sent,
from raw_rows
union all
select distinct
    'status_periode' as column_name,
    'enum' as value_type,
    status_periode as sent,
from raw_rows;

-- area codes with the scheme their rows declare
create or replace temp table area_code_cells as
select distinct
    kode_kabkota as sent,
    kode_kabkota__kind as kind,
    skema_kode as scheme_sent,
from raw_rows
where row__defect is null;

-- identity numbers that end in 0: Excel's lost digits do
create or replace temp table nik_profile as
select
    count(*) filter (where regexp_full_match(nik_bare(nik), '[0-9]{16}')) as nik_count,
    count(*) filter (where regexp_full_match(nik_bare(nik), '[0-9]{15}0'))
        as zero_count,
from raw_rows;
