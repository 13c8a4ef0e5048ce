-- rule:   ALL counts persons once: at least those of the largest segment, at most the
--         sum where every segment has data; a programme has at most those who have any;
--         every definition of the denominator stands beside the same persons
-- inputs: monthly_coverage
-- result: area_code, segment and programme of rows that break it
with counted as (
    select
        area_code,
        segment,
        programme,
        min(active_count) as active_count,
        min(active_count + lapsed_count) as person_count,
        count(distinct hash(active_count, paid_up_count, grace_count, lapsed_count)) > 1
            as has_other_counts,
    from monthly_coverage
    group by area_code, segment, programme
),

of_segments as (
    select
        area_code,
        programme,
        max(active_count) as largest_active_count,
        sum(active_count) as total_active_count,
        max(person_count) as largest_count,
        sum(person_count) as total_count,
        count(*) = count(person_count) as is_complete,
    from counted
    where segment <> 'ALL'
    group by area_code, programme
),

rows_that_break_it as (
    select
        area_code,
        segment || ' ' || programme as part,
    from counted
    where has_other_counts
    union all
    select
        counted.area_code,
        counted.segment || ' ' || counted.programme as part,
    from counted
    inner join of_segments
        on
            counted.area_code = of_segments.area_code
            and counted.programme = of_segments.programme
    where
        counted.segment = 'ALL'
        and (
            counted.active_count < of_segments.largest_active_count
            or counted.person_count < of_segments.largest_count
            or (
                of_segments.is_complete
                and (
                    counted.active_count > of_segments.total_active_count
                    or counted.person_count > of_segments.total_count
                )
            )
        )
    union all
    select
        counted.area_code,
        counted.segment || ' ' || counted.programme as part,
    from counted
    inner join counted as of_any
        on
            counted.area_code = of_any.area_code
            and counted.segment = of_any.segment
            and of_any.programme = 'ANY'
    where
        counted.active_count > of_any.active_count
        or counted.person_count > of_any.person_count
)

select
    area_code,
    part,
from rows_that_break_it
order by
    area_code,
    part
limit 1;
