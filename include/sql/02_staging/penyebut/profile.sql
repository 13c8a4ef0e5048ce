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
    month_comes_first(text_clean(tanggal_acuan), tanggal_acuan__kind)
        as tanggal_acuan__is_month_first,
    notation_of(amount_bare(text_clean(jumlah_orang)), jumlah_orang__kind)
        as jumlah_orang__notation,
from raw_rows;

create or replace temp table area_code_cells as
select distinct
    area_bare(text_clean(kode_wilayah), kode_wilayah__kind) as code,
    text_clean(skema_kode) as scheme,
from raw_rows
where row__defect is null;
