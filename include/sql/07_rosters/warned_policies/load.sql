-- table:   warned_policies (a query; nothing is stored)
-- grain:   one row per policy that ends soon
-- inputs:  core.policies (one slice: month and province)
-- params:  province_code, coverage_month, month_end, policy_until, area_code (province
--          or regency)
-- re-run:  reads only
-- sqlfluff:dialect:postgres
select
    area_code,
    policy_kind,
    policy_number,
    issued_date,
    valid_to,
    title
from core.policies
where
    coverage_month = :coverage_month
    and province_code = :province_code
    and left(area_code, length(:area_code)) = :area_code
    and valid_to > :month_end
    and valid_to <= :policy_until
order by valid_to, area_code, policy_number, submission_id, source_row;
