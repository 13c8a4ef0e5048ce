-- table:   quarantined_rows (temporary)
-- grain:   one row per quarantined row of a registry whose NIK cannot be used
-- inputs:  quarantine_of_one (view: quarantined.parquet of one submission)
-- params:  submission_id
-- re-run:  adds the rows of one submission to the empty table month.py makes
insert into quarantined_rows
with nik_codes_by_row as (
    select
        source_row,
        list_filter(codes, lambda code: starts_with(code, 'NIK_')) as nik_codes,
    from quarantine_of_one
)

select
    cast($submission_id as varchar) as submission_id,
    cast(source_row as integer) as source_row,
    array_to_string(list_sort(nik_codes), '+') as nik_code,
from nik_codes_by_row
where len(nik_codes) > 0;
