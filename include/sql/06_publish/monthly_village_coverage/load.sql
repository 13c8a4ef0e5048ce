-- table:  monthly_village_coverage
-- grain:  area_code, worker_group
-- inputs: registrations, presence, area_scope, village_groups
-- params: $province_code, $first_day
-- re-run: same inputs, same rows
-- A village is covered for a group when at least one of its registered members is
-- active. Villages of a regency that reported the group and named nobody there have 0,
-- those of a regency that did not report have NULL. Village counts of districts,
-- regencies and the province are of all villages that can have the group.
create table monthly_village_coverage as
with members_counted as (
    select
        area_code,
        worker_group,
        count(*) as registered_count,
        count(*) = count(state_rank) as is_state_known,
        count(*) filter (where state_rank <= 3) as active_count,
        nullif(
            concat_ws(
                ',',
                case when bool_or(has_jkk and state_rank <= 3) then 'JKK' end,
                case when bool_or(has_jkm and state_rank <= 3) then 'JKM' end,
                case when bool_or(has_jht and state_rank <= 3) then 'JHT' end,
                case when bool_or(has_jp and state_rank <= 3) then 'JP' end,
                case when bool_or(has_jkp and state_rank <= 3) then 'JKP' end
            ),
            ''
        ) as programmes,
    from registrations
    group by
        area_code,
        worker_group
),

areas_of_the_group as (
    select
        area_scope.area_code,
        area_scope.area_level,
        area_scope.district_code,
        area_scope.regency_code,
        village_groups.worker_group,
    from area_scope
    inner join (select distinct worker_group, from village_groups) as village_groups
        on true
    where
        area_scope.area_level <> 'village'
        or exists (
            select 1,
            from village_groups as kinds
            where
                kinds.worker_group = village_groups.worker_group
                and kinds.village_kind = area_scope.village_kind
        )
),

-- a regency that names members but no village says nothing about its villages
regencies_naming_villages as (
    select
        members.area_code,
        members.worker_group,
        bool_or(villages.area_code is not null) as is_village_named,
    from members_counted as members
    left join members_counted as villages
        on
            members.worker_group = villages.worker_group
            and left(villages.area_code, 5) = members.area_code
            and length(villages.area_code) = 13
    where length(members.area_code) = 5
    group by
        members.area_code,
        members.worker_group
),

groups_reported as (
    select
        presence.area_code,
        presence.dataset as worker_group,
        presence.has_data,
        presence.has_data
        and coalesce(regencies_naming_villages.is_village_named, true)
            as is_village_known,
    from presence
    left join regencies_naming_villages
        on
            presence.area_code = regencies_naming_villages.area_code
            and presence.dataset = regencies_naming_villages.worker_group
),

areas_with_a_snapshot as (
    select
        area_code,
        bool_or(has_data) as has_snapshot,
    from presence
    where kind = 'participation'
    group by area_code
),

-- whether nobody in the area means zero: of a regency when it reported, of its
-- districts and villages when it also named villages
areas_reporting as (
    select
        areas_of_the_group.area_code,
        areas_of_the_group.worker_group,
        case
            when areas_of_the_group.area_level in ('province', 'regency')
                then groups_reported.has_data
            else groups_reported.is_village_known
        end as is_empty_known,
    from areas_of_the_group
    left join groups_reported
        on
            coalesce(areas_of_the_group.regency_code, $province_code)
            = groups_reported.area_code
            and areas_of_the_group.worker_group = groups_reported.worker_group
),

measures_by_area as (
    select
        areas_of_the_group.*,
        coalesce(members_counted.registered_count, 0) as member_count,
        case
            when members_counted.registered_count > 0
                then members_counted.registered_count
            when areas_reporting.is_empty_known then 0
        end as registered_count,
        case
            when members_counted.registered_count > 0
                then
                    case
                        when members_counted.is_state_known
                            then members_counted.active_count
                    end
            when
                areas_reporting.is_empty_known and areas_with_a_snapshot.has_snapshot
                then 0
        end as active_count,
        case
            when members_counted.active_count > 0 then true
            when members_counted.registered_count > 0
                then
                    case when members_counted.is_state_known then false end
            when
                areas_reporting.is_empty_known and areas_with_a_snapshot.has_snapshot
                then false
        end as is_covered,
        members_counted.programmes,
    from areas_of_the_group
    left join members_counted
        on
            areas_of_the_group.area_code = members_counted.area_code
            and areas_of_the_group.worker_group = members_counted.worker_group
    left join areas_reporting
        on
            areas_of_the_group.area_code = areas_reporting.area_code
            and areas_of_the_group.worker_group = areas_reporting.worker_group
    left join areas_with_a_snapshot
        on
            coalesce(areas_of_the_group.regency_code, $province_code)
            = areas_with_a_snapshot.area_code
),

villages_placed_in_areas as (
    select
        worker_group,
        is_covered,
        district_code as area_code,
    from measures_by_area
    where area_level = 'village'
    union all
    select
        worker_group,
        is_covered,
        regency_code,
    from measures_by_area
    where area_level = 'village'
    union all
    select
        worker_group,
        is_covered,
        $province_code as area_code,
    from measures_by_area
    where area_level = 'village'
),

villages_counted as (
    select
        area_code,
        worker_group,
        count(*) as village_count,
        -- NULL when nothing is known of any village
        nullif(count(is_covered), 0)
        - count(*) filter (where not is_covered) as covered_village_count,
    from villages_placed_in_areas
    group by
        area_code,
        worker_group
)

select
    cast($first_day as date) as coverage_month,
    measures_by_area.area_code,
    measures_by_area.area_level,
    measures_by_area.worker_group,
    cast(measures_by_area.registered_count as integer) as registered_count,
    cast(measures_by_area.active_count as integer) as active_count,
    case
        when measures_by_area.area_level = 'village' then measures_by_area.is_covered
    end as is_covered,
    case
        when measures_by_area.area_level = 'village' then measures_by_area.programmes
    end as programmes,
    case
        when measures_by_area.area_level <> 'village'
            then cast(coalesce(villages_counted.village_count, 0) as integer)
    end as village_count,
    cast(villages_counted.covered_village_count as integer) as covered_village_count,
    cast(
        cast(
            (
                20000 * villages_counted.covered_village_count
                + villages_counted.village_count
            )
            // (2 * villages_counted.village_count)
            as decimal(12, 0)
        ) * cast(0.01 as decimal(3, 2)) as decimal(9, 2)
    ) as covered_village_pct,
from measures_by_area
left join villages_counted
    on
        measures_by_area.area_code = villages_counted.area_code
        and measures_by_area.worker_group = villages_counted.worker_group
where
    measures_by_area.area_level in ('village', 'province')
    or villages_counted.village_count > 0
    or measures_by_area.member_count > 0
order by
    area_code,
    worker_group;
