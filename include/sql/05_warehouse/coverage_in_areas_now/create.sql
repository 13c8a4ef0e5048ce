-- view: mart.coverage_in_areas_now
-- grain: one row per month, area of now, segment, programme and definition
-- inputs: mart.monthly_coverage, core.area_paths, core.areas
-- re-run: replaced whole
--
-- Every published month in the areas in force now. A count is carried where the whole
-- area went over: under another code as it is, of areas that were joined as their sum,
-- if all of them have one. An area that was divided is no data for its parts: nobody
-- knows how many lived in which. Percentages are computed again from the counts.
create or replace view mart.coverage_in_areas_now as
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
        published.segment,
        published.programme,
        published.definition_id,
        count(*) as found_count,
        sum(published.active_count) as active_count,
        count(published.active_count) as active_known,
        sum(published.paid_up_count) as paid_up_count,
        sum(published.grace_count) as grace_count,
        sum(published.lapsed_count) as lapsed_count,
        sum(published.membership_count) as membership_count,
        sum(published.eligible_count) as eligible_count,
        count(published.eligible_count) as eligible_known,
        count(distinct published.denominator_date) as date_count,
        min(published.denominator_date) as denominator_date,
        string_agg(
            distinct published.denominator_source, '; '
            order by published.denominator_source
        ) as denominator_source,
        string_agg(
            distinct published.denominator_vintage, '; '
            order by published.denominator_vintage
        ) as denominator_vintage,
        sum(published.target_count) as target_count,
        count(published.target_count) as target_known,
        min(published.target_pct) as target_pct
    from mart.monthly_coverage as published
    inner join core.area_paths as paths
        on
            published.coverage_month = paths.coverage_month
            and published.area_code = paths.then_code
    group by
        published.coverage_month,
        paths.area_code,
        published.segment,
        published.programme,
        published.definition_id
),

figures_judged as (
    select
        figures.*,
        parts.then_codes,
        parts.part_count,
        parts.is_divided,
        (
            not parts.is_divided and figures.active_known = parts.part_count
        ) as has_counts,
        (
            not parts.is_divided
            and figures.eligible_known = parts.part_count
            and figures.date_count = 1
        ) as has_denominator
    from figures_put_together as figures
    inner join parts
        on
            figures.coverage_month = parts.coverage_month
            and figures.area_code = parts.area_code
),

figures_carried as (
    select
        judged.coverage_month,
        judged.area_code,
        judged.segment,
        judged.programme,
        judged.definition_id,
        judged.then_codes,
        judged.part_count,
        judged.is_divided,
        case when judged.has_counts then judged.active_count::integer end
            as active_count,
        case when judged.has_counts then judged.paid_up_count::integer end
            as paid_up_count,
        case when judged.has_counts then judged.grace_count::integer end
            as grace_count,
        case when judged.has_counts then judged.lapsed_count::integer end
            as lapsed_count,
        case when judged.has_counts then judged.membership_count::integer end
            as membership_count,
        case when judged.has_denominator then judged.eligible_count::integer end
            as eligible_count,
        case when judged.has_denominator then judged.denominator_source end
            as denominator_source,
        case when judged.has_denominator then judged.denominator_date end
            as denominator_date,
        case when judged.has_denominator then judged.denominator_vintage end
            as denominator_vintage,
        case
            when not judged.is_divided and judged.target_known = judged.part_count
                then judged.target_count::integer
        end as target_count,
        case
            when not judged.is_divided and judged.part_count = 1
                then judged.target_pct
        end as target_pct
    from figures_judged as judged
),

areas_that_stayed as (
    select published.*
    from mart.monthly_coverage as published
    where not exists (
        select paths.then_code
        from core.area_paths as paths
        where
            paths.coverage_month = published.coverage_month
            and paths.then_code = published.area_code
    )
),

every_figure as (
    select
        carried.coverage_month,
        carried.area_code,
        carried.segment,
        carried.programme,
        carried.definition_id,
        carried.then_codes,
        case
            when carried.is_divided then 'terbagi'
            when carried.part_count > 1 then 'gabungan'
            else 'kode_baru'
        end as carried,
        carried.active_count,
        carried.paid_up_count,
        carried.grace_count,
        carried.lapsed_count,
        carried.membership_count,
        carried.eligible_count,
        round(100.0 * carried.active_count / nullif(carried.eligible_count, 0), 2)
            as coverage_pct,
        carried.target_count,
        carried.target_pct,
        carried.denominator_source,
        carried.denominator_date,
        carried.denominator_vintage
    from figures_carried as carried
    union all
    select
        stayed.coverage_month,
        stayed.area_code,
        stayed.segment,
        stayed.programme,
        stayed.definition_id,
        stayed.area_code as then_codes,
        'sama' as carried,
        stayed.active_count,
        stayed.paid_up_count,
        stayed.grace_count,
        stayed.lapsed_count,
        stayed.membership_count,
        stayed.eligible_count,
        stayed.coverage_pct,
        stayed.target_count,
        stayed.target_pct,
        stayed.denominator_source,
        stayed.denominator_date,
        stayed.denominator_vintage
    from areas_that_stayed as stayed
)

select
    figures.coverage_month,
    figures.area_code,
    areas.area_level,
    areas.name as area_name,
    figures.segment,
    figures.programme,
    figures.definition_id,
    figures.then_codes,
    figures.carried,
    figures.active_count,
    figures.paid_up_count,
    figures.grace_count,
    figures.lapsed_count,
    figures.membership_count,
    figures.eligible_count,
    figures.coverage_pct,
    figures.target_count,
    figures.target_pct,
    figures.denominator_source,
    figures.denominator_date,
    figures.denominator_vintage
from every_figure as figures
left join core.areas as areas on figures.area_code = areas.area_code
