-- table:   quarantined_rows (temporary)
-- grain:   one row per quarantined row of a registry whose NIK cannot be used
-- inputs:  quarantine_of_one (view: quarantined.parquet of one submission)
-- params:  submission_id
-- re-run:  adds the rows of one submission to the empty table month.py makes
insert into quarantined_rows
with contract_columns as (
    select
        null::integer as source_row,
        null::varchar[] as codes,
        null::varchar as nama,
        null::date as tanggal_lahir,
        null::varchar as jenis_kelamin,
        null::varchar as kode_desa,
    where false
),

rows_of_the_file as (
    select *, from contract_columns
    union all by name
    select *, from quarantine_of_one
),

nik_codes_by_row as (
    select
        *,
        list_filter(codes, lambda code: starts_with(code, 'NIK_')) as nik_codes,
    from rows_of_the_file
)

select
    $submission_id::varchar as submission_id,
    source_row,
    array_to_string(list_sort(nik_codes), '+') as nik_code,
    nama as name,
    tanggal_lahir as birth_date,
    jenis_kelamin as sex,
    kode_desa as village_code,
from nik_codes_by_row
where len(nik_codes) > 0;
