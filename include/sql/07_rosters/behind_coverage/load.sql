-- table:   behind_coverage (a query; nothing is stored)
-- grain:   one row per person with a membership in the area and segment
-- inputs:  core.participation (one slice: month and province)
-- params:  province_code, coverage_month, area_code (of any level), segment (ALL: any)
-- re-run:  reads only
-- sqlfluff:dialect:postgres
--
-- The people of mart.monthly_coverage, each with the best state: those of active_count
-- are active, grace_1 or grace_2.
with memberships as (
    select
        participation.*,
        case
            when starts_with(village_code, area_code || '.') then village_code
            else area_code
        end as place_code,
        case participation_state
            when 'active' then 1
            when 'grace_1' then 2
            when 'grace_2' then 3
            else 4
        end as state_rank
    from core.participation
    where coverage_month = :coverage_month and province_code = :province_code
)

select
    person_id,
    min(area_code) as area_code,
    min(village_code) as village_code,
    null::text as worker_group,
    string_agg(distinct segment, ', ') as segment,
    string_agg(distinct payer, ', ') as payer,
    (array['active', 'grace_1', 'grace_2', 'lapsed'])[min(state_rank)] as state,
    'kepesertaan=' || count(*) as detail,
    null::numeric as rupiah
from memberships
where
    left(place_code, length(:area_code)) = :area_code
    and :segment in ('ALL', segment)
group by person_id
order by person_id;
