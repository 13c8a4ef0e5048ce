-- table:   policies (temporary view) -> core.policies
-- grain:   one row per row of the policy file in force of an area
-- inputs:  policy_files (view: accepted rows of kebijakan), inputs, slice
-- params:  none
-- re-run:  replaces the view; the slice (month, province) is replaced whole
--
-- A file is a whole list and holds until the area sends another.
create or replace temp view policies as
with contract_columns as (
    select
        null::varchar as jenis,
        null::varchar as nomor,
        null::date as tanggal,
        null::date as berlaku_sampai,
        null::varchar as tentang,
        null::integer as source_row,
        null::varchar as filename,
    where false
),

rows_of_the_files as (
    select *, from contract_columns
    union all by name
    select *, from policy_files
),

files_in_force as (
    select
        area_code,
        submission_id,
        filename,
    from inputs
    where dataset = 'kebijakan'
    qualify row_number() over (
        partition by area_code
        order by landing_month desc, submission_id asc
    ) = 1
)

select
    slice.coverage_month,
    slice.province_code,
    files_in_force.area_code,
    rows_of_the_files.jenis as policy_kind,
    rows_of_the_files.nomor as policy_number,
    rows_of_the_files.tanggal as issued_date,
    rows_of_the_files.berlaku_sampai as valid_to,
    rows_of_the_files.tentang as title,
    files_in_force.submission_id,
    rows_of_the_files.source_row::integer as source_row,
from rows_of_the_files
inner join files_in_force on rows_of_the_files.filename = files_in_force.filename
cross join slice;
