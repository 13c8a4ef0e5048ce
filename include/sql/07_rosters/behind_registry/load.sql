-- table:   behind_registry (a query; nothing is stored)
-- grain:   one row per worker group and person registered in the area
-- inputs:  core.registry (one slice: month and province)
-- params:  province_code, coverage_month, area_code (of any level), worker_group (ALL:
--          any), payer (ALL: any)
-- re-run:  reads only
-- sqlfluff:dialect:postgres
--
-- The people of mart.monthly_protection and mart.monthly_village_coverage, each with the
-- best state. Two payers make campuran, as there.
with entries as (
    select
        registry.*,
        case
            when length(area_code) = 2 then coalesce(village_code, area_code)
            when starts_with(village_code, area_code || '.') then village_code
            else area_code
        end as place_code,
        nullif(payer, 'tidak_diketahui') as known_payer
    from core.registry
    where coverage_month = :coverage_month and province_code = :province_code
),

people as (
    select
        person_id,
        worker_group,
        min(left(place_code, 5)) as area_code,
        min(village_code) as village_code,
        case
            when min(known_payer) is null then 'tidak_diketahui'
            when min(known_payer) = max(known_payer) then min(known_payer)
            else 'campuran'
        end as payer,
        min(
            case protection_state
                when 'active' then 1
                when 'grace_1' then 2
                when 'grace_2' then 3
                when 'lapsed' then 4
                when 'review' then 5
                when 'not_enrolled' then 6
            end
        ) as state_rank,
        string_agg(distinct registration_status, ', ') as registration_status
    from entries
    where left(place_code, length(:area_code)) = :area_code
    group by person_id, worker_group
)

select
    person_id,
    area_code,
    village_code,
    worker_group,
    null::text as segment,
    payer,
    (
        array['active', 'grace_1', 'grace_2', 'lapsed', 'review', 'not_enrolled']
    )[state_rank] as state,
    'status=' || coalesce(registration_status, '-') as detail,
    null::numeric as rupiah
from people
where
    :worker_group in ('ALL', worker_group)
    and :payer in ('ALL', payer)
order by worker_group, person_id;
