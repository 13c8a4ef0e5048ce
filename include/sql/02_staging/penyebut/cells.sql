-- table:   date_cells, amount_cells, listed_cells, area_code_cells: session tables
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
    'tanggal_acuan' as column_name,
    false as is_birth,
    tanggal_acuan as sent,
    tanggal_acuan__kind as kind,
from raw_rows;

-- amounts of money, counts and other numbers
create or replace temp table amount_cells as
select distinct
    'jumlah_orang' as column_name,
    'count' as amount_type,
    jumlah_orang as sent,
    jumlah_orang__kind as kind,
from raw_rows;

-- values of a short list
create or replace temp table listed_cells as
select distinct
    'skema_kode' as column_name,
    'scheme' as value_type,
    skema_kode as sent,
from raw_rows
union all
select distinct
    'segmen' as column_name,
    'enum' as value_type,
    segmen as sent,
from raw_rows;

-- area codes with the scheme their rows declare
create or replace temp table area_code_cells as
select distinct
    kode_wilayah as sent,
    kode_wilayah__kind as kind,
    skema_kode as scheme_sent,
from raw_rows
where row__defect is null;
