-- table:  monthly_early_warning
-- grain:  area_code (province and regencies), kind, worker_group
-- inputs: participation, registry, policies (reconcile), presence, area_levels,
--         warning_rules
-- params: $first_day
-- re-run: same inputs, same rows
-- ALL: every participant of the area (reaching_age_limit and decree_expiring: everybody
-- registered, once). Groups: the members registered there. Windows begin after the month
-- and end with the last day of a month;
-- what an area could show and did not is 0.
create table monthly_early_warning as
with month_end as (
    select last_day(cast($first_day as date)) as day,
),

participants as (
    select
        area_levels.area_code,
        'ALL' as worker_group,
        participation.person_id,
        unnest([
            case participation.participation_state
                when 'grace_1' then 'unpaid_1'
                when 'grace_2' then 'unpaid_2'
            end,
            case
                when
                    participation.is_new
                    and participation.participation_state <> 'lapsed'
                    then 'under_3_months'
            end
        ]) as kind,
    from participation
    inner join area_levels on participation.area_code = area_levels.part_code
),

members as (
    select
        area_levels.area_code,
        registry.worker_group,
        registry.person_id,
        unnest([
            case registry.protection_state
                when 'grace_1' then 'unpaid_1'
                when 'grace_2' then 'unpaid_2'
            end,
            case
                when
                    registry.is_new
                    and registry.protection_state in ('active', 'grace_1', 'grace_2')
                    then 'under_3_months'
            end,
            if(registry.is_reaching_age_limit, 'reaching_age_limit', null),
            case
                when
                    registry.end_date > month_end.day
                    and registry.end_date
                    <= last_day(month_end.day + to_months(warning_rules.decree_months))
                    then 'decree_expiring'
            end
        ]) as kind,
    from registry
    cross join month_end
    cross join warning_rules
    inner join area_levels on registry.area_code = area_levels.part_code
),

people as (
    select *, from participants
    union all
    select *, from members
    union all
    select
        area_code,
        'ALL' as worker_group,
        person_id,
        kind,
    from members
    where kind in ('reaching_age_limit', 'decree_expiring')
),

counted as (
    select
        area_code,
        kind,
        worker_group,
        count(distinct person_id) as person_count,
    from people
    where kind is not null
    group by area_code, kind, worker_group
    union all
    select
        area_levels.area_code,
        'policy_expiring' as kind,
        'ALL' as worker_group,
        count(*) as person_count,
    from policies
    cross join month_end
    cross join warning_rules
    inner join area_levels on policies.area_code = area_levels.part_code
    where
        policies.valid_to > month_end.day
        and policies.valid_to
        <= last_day(month_end.day + to_months(warning_rules.policy_months))
    group by area_levels.area_code
),

could_be_seen as (
    select
        area_code,
        unnest(['unpaid_1', 'unpaid_2', 'under_3_months']) as kind,
        'ALL' as worker_group,
    from presence
    where kind = 'participation' and has_data
    union
    select
        area_code,
        unnest(['reaching_age_limit', 'decree_expiring']) as kind,
        'ALL' as worker_group,
    from presence
    where kind = 'registry' and has_data
    union
    select
        area_code,
        unnest(['reaching_age_limit', 'decree_expiring']) as kind,
        dataset as worker_group,
    from presence
    where kind = 'registry' and has_data
    union
    select
        registries.area_code,
        unnest(['unpaid_1', 'unpaid_2', 'under_3_months']) as kind,
        registries.dataset as worker_group,
    from presence as registries
    inner join presence as extracts
        on
            registries.area_code = extracts.area_code
            and extracts.kind = 'participation'
            and extracts.has_data
    where registries.kind = 'registry' and registries.has_data
)

select
    cast($first_day as date) as coverage_month,
    coalesce(counted.area_code, could_be_seen.area_code) as area_code,
    if(
        length(coalesce(counted.area_code, could_be_seen.area_code)) = 2,
        'province',
        'regency'
    ) as area_level,
    coalesce(counted.kind, could_be_seen.kind) as kind,
    coalesce(counted.worker_group, could_be_seen.worker_group) as worker_group,
    cast(coalesce(counted.person_count, 0) as integer) as person_count,
from counted
full join could_be_seen
    on
        counted.area_code = could_be_seen.area_code
        and counted.kind = could_be_seen.kind
        and counted.worker_group = could_be_seen.worker_group
order by
    area_code,
    kind,
    worker_group;
