-- rule:   covered villages within the villages of the area, active within registered
-- inputs: monthly_village_coverage
-- result: area_code, worker_group of rows that break it
select
    area_code,
    worker_group,
from monthly_village_coverage
where
    covered_village_count > village_count
    or active_count > registered_count
    or (is_covered and coalesce(active_count, 1) = 0)
order by
    area_code,
    worker_group
limit 1;
