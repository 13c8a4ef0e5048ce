-- table:  monthly_protection
-- grain:  area_code, worker_group, payer
-- inputs: registrations, presence
-- params: $first_day
-- re-run: same inputs, same rows
-- registered = active + lapsed + unenrolled + review, or all four NULL: an area where
-- some members could not be looked up in a snapshot has no data, not a smaller sum.
-- A nil report has one row with zeros; an absent file has no row. probable: the part of
-- active that rests on likeness instead of an equal NIK; half a hundredth rounds up.
create table monthly_protection as
with persons_counted as (
    select
        area_code,
        worker_group,
        payer,
        count(*) as registered_count,
        bool_or(is_status_stated) as is_status_stated,
        count(*) filter (where is_verified) as verified_count,
        count(*) filter (where is_determined) as determined_count,
        count(*) = count(state_rank) as is_state_known,
        count(*) filter (where state_rank <= 3) as active_count,
        count(*) filter (where state_rank in (2, 3)) as grace_count,
        count(*) filter (where state_rank = 4) as lapsed_count,
        count(*) filter (where state_rank = 6) as unenrolled_count,
        count(*) filter (where is_ineligible) as ineligible_count,
        count(*) filter (where state_rank = 5) as review_count,
        count(*) filter (where state_rank <= 3 and is_probable) as probable_count,
    from registrations
    group by
        area_code,
        worker_group,
        payer
),

areas_with_a_snapshot as (
    select
        area_code,
        bool_or(has_data) as has_snapshot,
    from presence
    where kind = 'participation'
    group by area_code
),

areas_reporting_nobody as (
    select
        presence.area_code,
        presence.dataset as worker_group,
        'tidak_diketahui' as payer,
        0 as registered_count,
        presence.has_status as is_status_stated,
        0 as verified_count,
        0 as determined_count,
        areas_with_a_snapshot.has_snapshot as is_state_known,
        0 as active_count,
        0 as grace_count,
        0 as lapsed_count,
        0 as unenrolled_count,
        0 as ineligible_count,
        0 as review_count,
        0 as probable_count,
    from presence
    left join areas_with_a_snapshot
        on presence.area_code = areas_with_a_snapshot.area_code
    where
        presence.kind = 'registry'
        and presence.has_data
        and not exists (
            select 1,
            from persons_counted
            where
                persons_counted.area_code = presence.area_code
                and persons_counted.worker_group = presence.dataset
        )
),

all_rows as (
    select *, from persons_counted
    union all
    select *, from areas_reporting_nobody
)

select
    cast($first_day as date) as coverage_month,
    area_code,
    case length(area_code)
        when 2 then 'province' when 5 then 'regency' when 8 then 'district'
        else 'village'
    end as area_level,
    worker_group,
    payer,
    cast(registered_count as integer) as registered_count,
    cast(case when is_status_stated then verified_count end as integer)
        as verified_count,
    cast(case when is_status_stated then determined_count end as integer)
        as determined_count,
    cast(case when is_state_known then active_count end as integer) as active_count,
    cast(case when is_state_known then grace_count end as integer) as grace_count,
    cast(case when is_state_known then lapsed_count end as integer) as lapsed_count,
    cast(case when is_state_known then unenrolled_count end as integer)
        as unenrolled_count,
    cast(ineligible_count as integer) as ineligible_count,
    cast(case when is_state_known then review_count end as integer) as review_count,
    cast(case when is_state_known then probable_count end as integer)
        as probable_count,
    cast(
        case
            when is_state_known and active_count > 0
                then
                    cast(
                        (20000 * probable_count + active_count) // (2 * active_count)
                        as decimal(12, 0)
                    ) * cast(0.01 as decimal(3, 2))
        end as decimal(9, 2)
    ) as probable_pct,
from all_rows
order by
    area_code,
    worker_group,
    payer;
