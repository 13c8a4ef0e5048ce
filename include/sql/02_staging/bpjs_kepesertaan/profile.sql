-- table:   profile (one row), area_code_cells: session tables
-- grain:   profile: the file; area_code_cells: one spelling of a code
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
    month_comes_first(text_clean(tanggal_kepesertaan), tanggal_kepesertaan__kind)
        as tanggal_kepesertaan__is_month_first,
    notation_of(amount_bare(text_clean(upah)), upah__kind)
        as upah__notation,
from raw_rows;

create or replace temp table area_code_cells as
select distinct
    area_bare(text_clean(kode_kabkota), kode_kabkota__kind) as code,
    text_clean(skema_kode) as scheme,
from raw_rows
where row__defect is null;
