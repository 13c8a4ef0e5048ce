-- view: mart.protection_in_areas_now
-- grain: one row per month, area of now, worker group and payer
-- inputs: mart.monthly_protection, core.area_paths, core.areas
-- re-run: replaced whole
--
-- As mart.coverage_in_areas_now: whole areas are carried, divided ones are no data.
create or replace view mart.protection_in_areas_now as
with parts as (
    select
        paths.coverage_month,
        paths.area_code,
        bool_or(paths.is_divided) as is_divided,
        count(*) as part_count,
        string_agg(paths.then_code, ',' order by paths.then_code) as then_codes
    from core.area_paths as paths
    group by
        paths.coverage_month,
        paths.area_code
),

figures_put_together as (
    select
        published.coverage_month,
        paths.area_code,
        published.worker_group,
        published.payer,
        count(*) as found_count,
        sum(published.registered_count) as registered_count,
        sum(published.verified_count) as verified_count,
        count(published.verified_count) as status_known,
        sum(published.determined_count) as determined_count,
        sum(published.active_count) as active_count,
        count(published.active_count) as state_known,
        sum(published.grace_count) as grace_count,
        sum(published.lapsed_count) as lapsed_count,
        sum(published.unenrolled_count) as unenrolled_count,
        sum(published.ineligible_count) as ineligible_count,
        sum(published.review_count) as review_count
    from mart.monthly_protection as published
    inner join core.area_paths as paths
        on
            published.coverage_month = paths.coverage_month
            and published.area_code = paths.then_code
    group by
        published.coverage_month,
        paths.area_code,
        published.worker_group,
        published.payer
),

figures_judged as (
    select
        figures.*,
        parts.then_codes,
        parts.part_count,
        parts.is_divided,
        (
            not parts.is_divided and figures.found_count = parts.part_count
        ) as is_whole,
        (
            not parts.is_divided and figures.status_known = parts.part_count
        ) as has_status,
        (
            not parts.is_divided and figures.state_known = parts.part_count
        ) as has_states
    from figures_put_together as figures
    inner join parts
        on
            figures.coverage_month = parts.coverage_month
            and figures.area_code = parts.area_code
),

every_figure as (
    select
        judged.coverage_month,
        judged.area_code,
        judged.worker_group,
        judged.payer,
        judged.then_codes,
        case
            when judged.is_divided then 'terbagi'
            when judged.part_count > 1 then 'gabungan'
            else 'kode_baru'
        end as carried,
        case when judged.is_whole then judged.registered_count::integer end
            as registered_count,
        case when judged.has_status then judged.verified_count::integer end
            as verified_count,
        case when judged.has_status then judged.determined_count::integer end
            as determined_count,
        case when judged.has_states then judged.active_count::integer end
            as active_count,
        case when judged.has_states then judged.grace_count::integer end
            as grace_count,
        case when judged.has_states then judged.lapsed_count::integer end
            as lapsed_count,
        case when judged.has_states then judged.unenrolled_count::integer end
            as unenrolled_count,
        case when judged.is_whole then judged.ineligible_count::integer end
            as ineligible_count,
        case when judged.has_states then judged.review_count::integer end
            as review_count
    from figures_judged as judged
    union all
    select
        stayed.coverage_month,
        stayed.area_code,
        stayed.worker_group,
        stayed.payer,
        stayed.area_code as then_codes,
        'sama' as carried,
        stayed.registered_count,
        stayed.verified_count,
        stayed.determined_count,
        stayed.active_count,
        stayed.grace_count,
        stayed.lapsed_count,
        stayed.unenrolled_count,
        stayed.ineligible_count,
        stayed.review_count
    from mart.monthly_protection as stayed
    where not exists (
        select paths.then_code
        from core.area_paths as paths
        where
            paths.coverage_month = stayed.coverage_month
            and paths.then_code = stayed.area_code
    )
)

select
    figures.coverage_month,
    figures.area_code,
    areas.area_level,
    areas.name as area_name,
    figures.worker_group,
    figures.payer,
    figures.then_codes,
    figures.carried,
    figures.registered_count,
    figures.verified_count,
    figures.determined_count,
    figures.active_count,
    figures.grace_count,
    figures.lapsed_count,
    figures.unenrolled_count,
    figures.ineligible_count,
    figures.review_count
from every_figure as figures
left join core.areas as areas on figures.area_code = areas.area_code
