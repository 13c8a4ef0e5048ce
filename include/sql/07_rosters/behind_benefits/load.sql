-- table:   behind_benefits (a query; nothing is stored)
-- grain:   one row per claim paid in the area
-- inputs:  core.claims (one slice: month and province)
-- params:  province_code, coverage_month, area_code (of any level), programme (ALL: any)
-- re-run:  reads only; person_id is NULL where nobody is known
-- sqlfluff:dialect:postgres
select
    person_id,
    area_code,
    null::text as village_code,
    null::text as worker_group,
    programme as segment,
    null::text as payer,
    null::text as state,
    'dibayar=' || paid_date as detail,
    paid_rupiah as rupiah
from core.claims
where
    coverage_month = :coverage_month
    and province_code = :province_code
    and left(area_code, length(:area_code)) = :area_code
    and :programme in ('ALL', programme)
order by submission_id, source_row;
