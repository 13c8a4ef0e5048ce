-- table:   quarantined_rows (temporary)
-- grain:   one row per quarantined row of a registry whose NIK cannot be used
-- inputs:  quarantined.parquet of one submission
-- params:  submission_id, path
-- re-run:  adds the rows of one submission to the empty table month.py makes
insert into quarantined_rows
select
    $submission_id::varchar as submission_id,
    source_row::integer as source_row,
    nik__defect as nik_code
from read_parquet($path)
where starts_with(nik__defect, 'NIK_');
