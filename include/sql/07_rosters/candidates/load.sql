-- table:   candidates (a query; nothing is stored)
-- grain:   one row per person with a vulnerable worker's entry in the area
-- inputs:  core.registry, core.participation, core.contributions, core.claims,
--          core.verifications, core.discrepancies (one slice: month and province)
-- params:  province_code, coverage_month, month_end, area_code (of any level), payer
-- re-run:  reads only
-- sqlfluff:dialect:postgres
--
-- Every person of the area has one row: reason says why not, NULL who may be proposed.
-- The first reason counts, in the order below. An entry of the province's list lies in
-- the village of the person. A person whom several areas have belongs to one: where the
-- status is highest, a regency before the province, then the lowest code.
with entries as (
    select
        registry.person_id,
        registry.area_code,
        registry.worker_group,
        registry.payer,
        registry.registration_status,
        registry.position,
        registry.start_date,
        registry.age_years,
        registry.is_ineligible,
        registry.is_reaching_age_limit,
        registry.protection_state,
        registry.village_code,
        case
            when length(registry.area_code) = 2
                then coalesce(registry.village_code, registry.area_code)
            when starts_with(registry.village_code, registry.area_code || '.')
                then registry.village_code
            else registry.area_code
        end as place_code
    from core.registry
    where
        registry.coverage_month = :coverage_month
        and registry.province_code = :province_code
),

vulnerable_workers as (
    select * from entries
    where worker_group = 'pekerja_rentan'
),

people_of_the_area as (
    select distinct person_id
    from vulnerable_workers
    where
        place_code = :area_code
        or starts_with(place_code, :area_code || '.')
),

home_entries as (
    select distinct on (vulnerable_workers.person_id) vulnerable_workers.*
    from vulnerable_workers
    inner join people_of_the_area
        on vulnerable_workers.person_id = people_of_the_area.person_id
    order by
        vulnerable_workers.person_id asc,
        case vulnerable_workers.registration_status
            when 'ditetapkan' then 1
            when 'terverifikasi' then 2
            else 3
        end asc,
        length(vulnerable_workers.area_code) desc,
        vulnerable_workers.area_code asc
),

facts_of_entries as (
    select
        entries.person_id,
        bool_or(entries.is_ineligible) as is_ineligible,
        bool_or(entries.is_reaching_age_limit) as is_reaching_age_limit,
        bool_or(entries.worker_group <> 'pekerja_rentan') as has_other_group,
        bool_or(entries.protection_state = 'review') as is_in_review,
        min(
            case entries.protection_state
                when 'active' then 1
                when 'grace_1' then 2
                when 'grace_2' then 3
                when 'lapsed' then 4
                when 'not_enrolled' then 5
            end
        ) as state_rank
    from entries
    inner join people_of_the_area
        on entries.person_id = people_of_the_area.person_id
    group by entries.person_id
),

facts_of_discrepancies as (
    select
        person_id,
        bool_or(kind = 'deceased') as is_deceased,
        bool_or(kind = 'became_asn') as is_civil_servant,
        bool_or(kind = 'identity_conflict') as is_conflict,
        bool_or(kind = 'covered_by_employer') as is_wage_worker
    from core.discrepancies
    where
        coverage_month = :coverage_month
        and province_code = :province_code
        and kind in (
            'deceased', 'became_asn', 'identity_conflict', 'covered_by_employer'
        )
    group by person_id
),

-- a death within the month ends a proposal for later months too
deaths as (
    select person_id
    from core.verifications
    where
        coverage_month = :coverage_month
        and province_code = :province_code
        and match_status = 'meninggal'
        and status_date <= :month_end
    union
    select person_id
    from core.claims
    where
        coverage_month = :coverage_month
        and province_code = :province_code
        and programme = 'JKM'
        and person_id is not null
),

facts_of_memberships as (
    select
        participation.person_id,
        coalesce(
            bool_or(
                participation.segment = 'PU'
                and participation.participation_state <> 'lapsed'
            ),
            false
        ) as is_wage_worker,
        bool_or(
            participation.participation_state <> 'lapsed'
            and participation.payer not in ('tidak_diketahui', :payer)
        ) as has_other_payer,
        min(participation.sector) filter (where participation.segment = 'BPU')
            as sector,
        min(participation.registration_date) as registration_date
    from core.participation
    inner join people_of_the_area
        on participation.person_id = people_of_the_area.person_id
    where
        participation.coverage_month = :coverage_month
        and participation.province_code = :province_code
    group by participation.person_id
),

paid_people as (
    select distinct person_id
    from core.contributions
    where
        coverage_month = :coverage_month
        and province_code = :province_code
        and contribution_month >= :coverage_month
        and total_rupiah > 0
        and person_id is not null
)

select
    home_entries.person_id,
    left(home_entries.place_code, 5) as area_code,
    home_entries.village_code,
    home_entries.position as occupation,
    home_entries.age_years,
    coalesce(home_entries.start_date, facts_of_memberships.registration_date) as since,
    case facts_of_entries.state_rank
        when 1 then 'active'
        when 2 then 'grace_1'
        when 3 then 'grace_2'
        when 4 then 'lapsed'
        when 5 then 'not_enrolled'
    end as state,
    coalesce(facts_of_memberships.sector, home_entries.position) as sector,
    facts_of_entries.is_reaching_age_limit,
    facts_of_entries.has_other_group,
    home_entries.payer not in ('tidak_diketahui', :payer) as has_other_listed_payer,
    home_entries.registration_status,
    case
        when
            home_entries.registration_status is null
            or home_entries.registration_status not in ('terverifikasi', 'ditetapkan')
            then 'not_verified'
        when
            home_entries.place_code <> :area_code
            and not starts_with(home_entries.place_code, :area_code || '.')
            then 'other_area'
        when deaths.person_id is not null or facts_of_discrepancies.is_deceased
            then 'deceased'
        when facts_of_discrepancies.is_civil_servant then 'became_asn'
        when facts_of_entries.is_in_review or facts_of_discrepancies.is_conflict
            then 'identity_conflict'
        when facts_of_entries.is_ineligible then 'ineligible_age'
        when
            facts_of_discrepancies.is_wage_worker or facts_of_memberships.is_wage_worker
            then 'covered_by_employer'
        when facts_of_entries.state_rank is null then 'state_unknown'
        when facts_of_entries.state_rank = 1 then 'active'
        when facts_of_memberships.has_other_payer then 'other_payer'
        when paid_people.person_id is not null then 'already_paid'
    end as reason
from home_entries
inner join facts_of_entries
    on home_entries.person_id = facts_of_entries.person_id
left join facts_of_discrepancies
    on home_entries.person_id = facts_of_discrepancies.person_id
left join deaths on home_entries.person_id = deaths.person_id
left join facts_of_memberships
    on home_entries.person_id = facts_of_memberships.person_id
left join paid_people on home_entries.person_id = paid_people.person_id
order by home_entries.person_id;
