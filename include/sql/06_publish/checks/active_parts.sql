-- rule:   active = paid up + grace; parts within the whole
-- inputs: monthly_coverage, monthly_protection
-- result: area_code, segment or group of rows that break it
with rows_that_break_it as (
    select
        area_code,
        segment as part,
    from monthly_coverage
    where
        active_count <> paid_up_count + grace_count
        or membership_count < active_count
        or least(paid_up_count, grace_count, lapsed_count) < 0
        or (active_count is null) <> (paid_up_count is null)
    union all
    select
        area_code,
        worker_group as part,
    from monthly_protection
    where
        verified_count > registered_count
        or determined_count > verified_count
        or grace_count > active_count
        or ineligible_count > registered_count
        or probable_count > active_count
        or (probable_count is null) <> (active_count is null)
)

select
    area_code,
    part,
from rows_that_break_it
order by
    area_code,
    part
limit 1;
