-- rule:   persons of the province are at least those of its largest regency, and at
--         most the sum of its regencies when every regency has data
-- inputs: monthly_coverage, monthly_protection
-- params: $province_code
-- result: area_code, segment or group that breaks it
with coverage_persons as (
    select distinct
        area_code,
        area_level,
        segment,
        programme,
        active_count + lapsed_count as person_count,
    from monthly_coverage
    where area_level in ('province', 'regency')
),

coverage_of_regencies as (
    select
        segment,
        programme,
        max(person_count) as largest_count,
        sum(person_count) as total_count,
        count(*) = count(person_count) as is_complete,
    from coverage_persons
    where area_level = 'regency'
    group by
        segment,
        programme
),

registered_persons as (
    select
        area_code,
        worker_group,
        sum(registered_count) as person_count,
    from monthly_protection
    where area_level in ('province', 'regency')
    group by
        area_code,
        worker_group
),

registered_of_regencies as (
    select
        worker_group,
        max(person_count) as largest_count,
    from registered_persons
    where area_code <> $province_code
    group by worker_group
),

rows_that_break_it as (
    select coverage_persons.segment as part,
    from coverage_persons
    inner join coverage_of_regencies
        on
            coverage_persons.segment = coverage_of_regencies.segment
            and coverage_persons.programme = coverage_of_regencies.programme
    where
        coverage_persons.area_level = 'province'
        and (
            coverage_persons.person_count < coverage_of_regencies.largest_count
            or (
                coverage_of_regencies.is_complete
                and coverage_persons.person_count > coverage_of_regencies.total_count
            )
        )
    union all
    select registered_persons.worker_group as part,
    from registered_persons
    inner join registered_of_regencies
        on registered_persons.worker_group = registered_of_regencies.worker_group
    where
        registered_persons.area_code = $province_code
        and registered_persons.person_count < registered_of_regencies.largest_count
)

select
    $province_code as area_code,
    part,
from rows_that_break_it
order by part
limit 1;
