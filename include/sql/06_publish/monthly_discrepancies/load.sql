-- table:  monthly_discrepancies
-- grain:  area_code, kind
-- inputs: discrepancies (reconcile), presence, judged_kinds
-- params: $province_code, $first_day
-- re-run: same inputs, same rows
-- Distinct persons per kind in the area and every area above it (nik_invalid: rows, as
-- nobody can be told apart there). A kind the data of an area could have shown and did
-- not is 0; a kind they could not show has no row.
create table monthly_discrepancies as
with code_lengths as (
    select 2 as code_length,
    union all
    select 5 as code_length,
    union all
    select 8 as code_length,
    union all
    select 13 as code_length,
),

discrepancies_found as (
    select
        left(discrepancies.area_code, code_lengths.code_length) as area_code,
        discrepancies.kind,
        case
            when discrepancies.kind = 'nik_invalid' then count(*)
            else
                count(distinct discrepancies.person_id)
                + count(*) filter (where discrepancies.person_id is null)
        end as person_count,
        sum(discrepancies.rupiah) as rupiah,
    from discrepancies
    inner join code_lengths
        on length(discrepancies.area_code) >= code_lengths.code_length
    where
        discrepancies.coverage_month = cast($first_day as date)
        and discrepancies.province_code = $province_code
    group by
        left(discrepancies.area_code, code_lengths.code_length),
        discrepancies.kind
),

data_of_areas as (
    select
        area_code,
        dataset,
        kind,
    from presence
    where has_data
),

-- the province can judge what at least one of its regencies can
kinds_by_area as (
    select distinct
        areas_with_data.area_code,
        judged_kinds.kind,
    from data_of_areas as areas_with_data
    cross join judged_kinds
    where
        (
            judged_kinds.needs_registry is null
            or exists (
                select 1,
                from data_of_areas
                where
                    data_of_areas.area_code = areas_with_data.area_code
                    and data_of_areas.kind = 'registry'
                    and judged_kinds.needs_registry in ('any', data_of_areas.dataset)
            )
        )
        and (
            not judged_kinds.needs_snapshot
            or exists (
                select 1,
                from data_of_areas
                where
                    data_of_areas.area_code = areas_with_data.area_code
                    and data_of_areas.kind = 'participation'
            )
        )
        and areas_with_data.kind in ('registry', 'participation')
),

kinds_judged as (
    select
        area_code,
        kind,
    from kinds_by_area
    where length(area_code) = 5
    union
    select
        left(area_code, 2) as area_code,
        kind,
    from kinds_by_area
    where length(area_code) = 5
)

select
    cast($first_day as date) as coverage_month,
    coalesce(discrepancies_found.area_code, kinds_judged.area_code) as area_code,
    case length(coalesce(discrepancies_found.area_code, kinds_judged.area_code))
        when 2 then 'province' when 5 then 'regency' when 8 then 'district'
        else 'village'
    end as area_level,
    coalesce(discrepancies_found.kind, kinds_judged.kind) as kind,
    cast(coalesce(discrepancies_found.person_count, 0) as integer) as person_count,
    cast(discrepancies_found.rupiah as decimal(18, 2)) as rupiah,
from discrepancies_found
full join kinds_judged
    on
        discrepancies_found.area_code = kinds_judged.area_code
        and discrepancies_found.kind = kinds_judged.kind
order by
    area_code,
    kind;
