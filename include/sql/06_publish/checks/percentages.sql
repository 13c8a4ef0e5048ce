-- rule:   a percentage is its count over its denominator, two decimals, half up: within
--         half a hundredth of the exact ratio, in whole numbers
-- inputs: monthly_coverage, monthly_protection, monthly_village_coverage
-- result: area_code, segment or group of rows that break it
with shares as (
    select
        area_code,
        segment as part,
        cast(active_count as hugeint) as counted,
        cast(eligible_count as hugeint) as possible,
        cast(coverage_pct * 100 as hugeint) as hundredths,
    from monthly_coverage
    union all
    select
        area_code,
        worker_group as part,
        cast(covered_village_count as hugeint) as counted,
        cast(village_count as hugeint) as possible,
        cast(covered_village_pct * 100 as hugeint) as hundredths,
    from monthly_village_coverage
    union all
    select
        area_code,
        worker_group as part,
        cast(probable_count as hugeint) as counted,
        cast(active_count as hugeint) as possible,
        cast(probable_pct * 100 as hugeint) as hundredths,
    from monthly_protection
)

select
    area_code,
    part,
from shares
where
    (hundredths is null) <> (counted is null or coalesce(possible, 0) = 0)
    or 2 * hundredths * possible > 20000 * counted + possible
    or 2 * hundredths * possible <= 20000 * counted - possible
order by
    area_code,
    part
limit 1;
