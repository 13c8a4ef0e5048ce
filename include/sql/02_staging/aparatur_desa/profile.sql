-- table:   profile (one row), village_cells: session tables
-- grain:   profile: the file; village_cells: one spelling of a village
-- inputs:  raw_rows
-- params:  none
-- re-run:  replaced whole
--
-- What only the whole column can tell: notation of amounts, order of dates.
create or replace temp table profile as
select
    count(*) as row_count,
    count(*) filter (where regexp_full_match(nik_bare(nik), '[0-9]{16}')) as nik__count,
    count(*) filter (where regexp_full_match(nik_bare(nik), '[0-9]{15}0'))
        as nik__zero_count,
    month_comes_first(text_clean(tanggal_lahir), tanggal_lahir__kind)
        as tanggal_lahir__is_month_first,
    month_comes_first(text_clean(mulai), mulai__kind)
        as mulai__is_month_first,
    month_comes_first(text_clean(selesai), selesai__kind)
        as selesai__is_month_first,
from raw_rows;

create or replace temp table village_cells as
select distinct
    text_clean(kode_desa) as kode_desa,
    text_clean(desa) as desa,
    text_clean(kecamatan) as kecamatan,
from raw_rows
where row__defect is null;
