-- table:   behind_discrepancies (a query; nothing is stored)
-- grain:   one row per discrepancy of the area
-- inputs:  core.discrepancies (one slice: month and province)
-- params:  province_code, coverage_month, area_code (of any level), kind (ALL: any)
-- re-run:  reads only; person_id is NULL where nobody is known (nik_invalid)
-- sqlfluff:dialect:postgres
select
    person_id,
    area_code,
    null::text as village_code,
    worker_group,
    null::text as segment,
    null::text as payer,
    kind as state,
    detail,
    rupiah
from core.discrepancies
where
    coverage_month = :coverage_month
    and province_code = :province_code
    and left(area_code, length(:area_code)) = :area_code
    and :kind in ('ALL', kind)
order by kind, area_code, submission_id, source_row, person_id;
