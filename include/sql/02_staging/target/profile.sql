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
    notation_of(amount_bare(text_clean(nilai)), nilai__kind)
        as nilai__notation,
from raw_rows;

create or replace temp table area_code_cells as
select distinct
    area_bare(text_clean(kode_wilayah), kode_wilayah__kind) as code,
    text_clean(skema_kode) as scheme,
from raw_rows
where row__defect is null;
