-- table:  registrations (scratch)
-- grain:  area_code, worker_group, person_id
-- inputs: registry (reconcile)
-- params: $code_length (2 province, 5 regency, 8 district, 13 village)
-- re-run: adds the areas of one level; run once per level
-- A registered person once per area and group, with the best state (1 active,
-- 2 grace_1, 3 grace_2, 4 lapsed, 5 review, 6 not_enrolled, NULL no BPJS data). Two
-- payers make
-- 'campuran'; an unknown payer beside a known one is not a second payer. A list the
-- province sent reaches a regency through the village of the person only. is_probable:
-- known as a participant by how alike the records are, not by an equal NIK.
create table if not exists registrations (
    area_code varchar,
    worker_group varchar,
    person_id uuid,
    payer varchar,
    is_status_stated boolean,
    is_verified boolean,
    is_determined boolean,
    is_ineligible boolean,
    is_probable boolean,
    state_rank tinyint,
    has_jkk boolean,
    has_jkm boolean,
    has_jht boolean,
    has_jp boolean,
    has_jkp boolean
);

insert into registrations
with statuses_by_file as (
    select
        submission_id,
        bool_or(registration_status is not null) as is_status_stated,
    from registry
    group by submission_id
),

registry_with_place as (
    select
        case
            when length(registry.area_code) = 2
                then coalesce(registry.village_code, registry.area_code)
            when starts_with(registry.village_code, registry.area_code || '.')
                then registry.village_code
            else registry.area_code
        end as place_code,
        registry.worker_group,
        registry.person_id,
        nullif(registry.payer, 'tidak_diketahui') as known_payer,
        statuses_by_file.is_status_stated,
        registry.registration_status,
        registry.is_ineligible,
        coalesce(
            registry.link_rule in ('nik_near', 'kpj_equal', 'probabilistic'), false
        ) as is_probable,
        case registry.protection_state
            when 'active' then cast(1 as tinyint)
            when 'grace_1' then cast(2 as tinyint)
            when 'grace_2' then cast(3 as tinyint)
            when 'lapsed' then cast(4 as tinyint)
            when 'review' then cast(5 as tinyint)
            when 'not_enrolled' then cast(6 as tinyint)
        end as state_rank,
        ',' || coalesce(registry.programmes, '') || ',' as programme_list,
    from registry
    left join statuses_by_file
        on registry.submission_id = statuses_by_file.submission_id
)

select
    left(place_code, $code_length) as area_code,
    worker_group,
    cast(person_id as uuid) as person_id,
    case
        when min(known_payer) is null then 'tidak_diketahui'
        when min(known_payer) = max(known_payer) then min(known_payer)
        else 'campuran'
    end as payer,
    bool_or(is_status_stated) as is_status_stated,
    coalesce(
        bool_or(registration_status in ('terverifikasi', 'ditetapkan')), false
    ) as is_verified,
    coalesce(bool_or(registration_status = 'ditetapkan'), false) as is_determined,
    coalesce(bool_or(is_ineligible), false) as is_ineligible,
    bool_and(is_probable) as is_probable,
    min(state_rank) as state_rank,
    bool_or(contains(programme_list, ',JKK,')) as has_jkk,
    bool_or(contains(programme_list, ',JKM,')) as has_jkm,
    bool_or(contains(programme_list, ',JHT,')) as has_jht,
    bool_or(contains(programme_list, ',JP,')) as has_jp,
    bool_or(contains(programme_list, ',JKP,')) as has_jkp,
from registry_with_place
where length(place_code) >= $code_length
group by
    left(place_code, $code_length),
    worker_group,
    person_id;
