-- table:   denominators (temporary view) -> core.denominators
-- grain:   one row per area, segment and definition
-- inputs:  denominator_files (view: accepted rows of penyebut), inputs, slice,
--          shipped_denominators
-- params:  none
-- re-run:  replaces the view; the slice (month, province) is replaced whole
--
-- Rule 5. Same area, segment, definition and reference date: the file of the later
-- landing month says it; a shipped row only where no file does. Of several dates the
-- latest up to the end of the month is in force, else the earliest after it.
create or replace temp view denominators as
with contract_columns as (
    select
        null::varchar as kode_wilayah,
        null::varchar as segmen,
        null::varchar as definisi,
        null::bigint as jumlah_orang,
        null::varchar as sumber,
        null::date as tanggal_acuan,
        null::varchar as edisi,
        null::integer as source_row,
        null::varchar as filename,
    where false
),

rows_of_the_files as (
    select *, from contract_columns
    union all by name
    select *, from denominator_files
),

stated_denominators as (
    select
        rows_of_the_files.kode_wilayah as area_code,
        rows_of_the_files.segmen as segment,
        rows_of_the_files.definisi as definition_id,
        rows_of_the_files.tanggal_acuan as reference_date,
        rows_of_the_files.jumlah_orang::bigint as eligible_count,
        rows_of_the_files.sumber as source,
        rows_of_the_files.edisi as vintage,
        inputs.submission_id,
        inputs.landing_month,
        rows_of_the_files.source_row::integer as source_row,
    from rows_of_the_files
    inner join inputs on rows_of_the_files.filename = inputs.filename
    union all
    select
        area_code,
        segment,
        definition_id,
        reference_date,
        eligible_count,
        source,
        vintage,
        null as submission_id,
        null as landing_month,
        null as source_row,
    from shipped_denominators
),

latest_word_on_a_date as (
    select stated_denominators.*,
    from stated_denominators
    cross join slice
    where
        stated_denominators.area_code = slice.province_code
        or starts_with(stated_denominators.area_code, slice.province_code || '.')
    qualify row_number() over (
        partition by
            stated_denominators.area_code,
            stated_denominators.segment,
            stated_denominators.definition_id,
            stated_denominators.reference_date
        order by
            stated_denominators.landing_month desc nulls last,
            stated_denominators.eligible_count desc,
            stated_denominators.source asc,
            stated_denominators.submission_id asc,
            stated_denominators.source_row asc
    ) = 1
),

date_in_force as (
    select latest_word_on_a_date.*,
    from latest_word_on_a_date
    cross join slice
    qualify row_number() over (
        partition by
            latest_word_on_a_date.area_code,
            latest_word_on_a_date.segment,
            latest_word_on_a_date.definition_id
        order by
            latest_word_on_a_date.reference_date <= slice.month_end desc,
            abs(latest_word_on_a_date.reference_date - slice.month_end) asc
    ) = 1
)

select
    slice.coverage_month,
    slice.province_code,
    date_in_force.area_code,
    date_in_force.segment,
    date_in_force.definition_id,
    date_in_force.reference_date,
    date_in_force.eligible_count,
    date_in_force.source,
    date_in_force.vintage,
    date_in_force.submission_id,
from date_in_force
cross join slice;
