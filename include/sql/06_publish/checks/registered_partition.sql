-- rule:   registered = active + lapsed + unenrolled + review, all known or none
-- inputs: monthly_protection
-- result: area_code, worker_group of rows that break it
select
    area_code,
    worker_group,
from monthly_protection
where
    registered_count is null
    or registered_count
    <> coalesce(
        active_count + lapsed_count + unenrolled_count + review_count,
        registered_count
    )
    or (active_count is null) <> (lapsed_count is null)
    or (active_count is null) <> (unenrolled_count is null)
    or (active_count is null) <> (review_count is null)
order by
    area_code,
    worker_group
limit 1;
