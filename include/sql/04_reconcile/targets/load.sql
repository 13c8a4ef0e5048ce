-- table:   targets (temporary view) -> core.targets
-- grain:   one row per area, target year, segment and unit
-- inputs:  target_files (view: accepted rows of target), inputs, slice
-- params:  none
-- re-run:  replaces the view; the slice (month, province) is replaced whole
--
-- The file of the later landing month replaces what an earlier one said of the same
-- area, year, segment and unit. All years are kept: publish takes the month's own.
create or replace temp view targets as
with contract_columns as (
    select
        null::varchar as kode_wilayah,
        null::smallint as tahun,
        null::varchar as segmen,
        null::varchar as satuan,
        null::decimal(18, 4) as nilai,
        null::varchar as sumber,
        null::integer as source_row,
        null::varchar as filename,
    where false
),

rows_of_the_files as (
    select *, from contract_columns
    union all by name
    select *, from target_files
),

latest_word as (
    select
        rows_of_the_files.kode_wilayah as area_code,
        rows_of_the_files.tahun::smallint as target_year,
        rows_of_the_files.segmen as segment,
        rows_of_the_files.satuan as unit,
        rows_of_the_files.nilai::decimal(18, 4) as value,
        rows_of_the_files.sumber as source,
        inputs.submission_id,
    from rows_of_the_files
    inner join inputs on rows_of_the_files.filename = inputs.filename
    cross join slice
    where
        rows_of_the_files.kode_wilayah = slice.province_code
        or starts_with(rows_of_the_files.kode_wilayah, slice.province_code || '.')
    qualify row_number() over (
        partition by
            rows_of_the_files.kode_wilayah,
            rows_of_the_files.tahun,
            rows_of_the_files.segmen,
            rows_of_the_files.satuan
        order by
            inputs.landing_month desc,
            rows_of_the_files.nilai desc,
            rows_of_the_files.sumber asc,
            inputs.submission_id asc,
            rows_of_the_files.source_row asc
    ) = 1
)

select
    slice.coverage_month,
    slice.province_code,
    latest_word.area_code,
    latest_word.target_year,
    latest_word.segment,
    latest_word.unit,
    latest_word.value,
    latest_word.source,
    latest_word.submission_id,
from latest_word
cross join slice;
