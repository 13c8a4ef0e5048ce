-- table:   verifications (temporary table) -> core.verifications
-- grain:   one row per person Dukcapil was asked about
-- inputs:  verification_files (view: accepted rows of dukcapil_padan), inputs, slice,
--          macro pseudonym
-- params:  none
-- re-run:  replaces the table; the slice (month, province) is replaced whole
--
-- The latest word up to the end of the month. Death is final: no later "padan" of the
-- same NIK undoes it, as the register does not raise the dead; its first date holds.
create or replace temp table verifications as
with contract_columns as (
    select
        null::varchar as nik,
        null::varchar as status,
        null::date as tanggal,
        null::integer as source_row,
        null::varchar as filename,
    where false
),

rows_of_the_files as (
    select *, from contract_columns
    union all by name
    select *, from verification_files
),

latest_word as (
    select
        rows_of_the_files.nik,
        rows_of_the_files.status,
        rows_of_the_files.tanggal,
        inputs.submission_id,
        rows_of_the_files.source_row::integer as source_row,
    from rows_of_the_files
    inner join inputs on rows_of_the_files.filename = inputs.filename
    cross join slice
    where rows_of_the_files.tanggal <= slice.month_end
    qualify row_number() over (
        partition by rows_of_the_files.nik
        order by
            if(rows_of_the_files.status = 'meninggal', 0, 1) asc,
            if(
                rows_of_the_files.status = 'meninggal',
                rows_of_the_files.tanggal,
                null
            ) asc nulls last,
            rows_of_the_files.tanggal desc,
            inputs.landing_month desc,
            rows_of_the_files.status asc,
            inputs.submission_id asc,
            rows_of_the_files.source_row asc
    ) = 1
)

select
    slice.coverage_month,
    slice.province_code,
    pseudonym(latest_word.nik) as person_id,
    latest_word.status as match_status,
    latest_word.tanggal as status_date,
    latest_word.submission_id,
    latest_word.source_row,
from latest_word
cross join slice;
