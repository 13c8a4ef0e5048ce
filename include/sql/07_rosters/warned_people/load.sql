-- table:   warned_people (a query; nothing is stored)
-- grain:   one row per person and kind of early warning in the area
-- inputs:  core.participation, core.links, core.registry (one slice: month and province)
-- params:  province_code, coverage_month, month_end, decree_until, area_code (province
--          or regency)
-- re-run:  reads only
-- sqlfluff:dialect:postgres
--
-- The people counted in mart.monthly_early_warning: is_counted says who is in its row
-- ALL, worker_groups in which of the other rows. fact_date: last month paid (unpaid),
-- registration (under three months), end by the list (decree). A participant linked below
-- the equal NIK goes by the pseudonym of the list: one row, not two.
with linked_participants as (
    select distinct on (links.membership_id)
        links.membership_id,
        links.person_id
    from core.links
    where
        links.coverage_month = :coverage_month
        and links.province_code = :province_code
        and links.link_state = 'linked'
    order by links.membership_id, links.person_id
),

warned_participants as (
    select
        coalesce(linked_participants.person_id, participation.person_id) as person_id,
        warned.kind,
        participation.area_code,
        participation.village_code,
        null::text as worker_group,
        participation.payer,
        warned.fact_date,
        true as is_counted
    from core.participation
    left join linked_participants
        on participation.membership_id = linked_participants.membership_id
    cross join
        lateral (
            values
            (
                'unpaid_1',
                participation.participation_state = 'grace_1',
                participation.paid_through_month
            ),
            (
                'unpaid_2',
                participation.participation_state = 'grace_2',
                participation.paid_through_month
            ),
            (
                'under_3_months',
                participation.is_new and participation.participation_state <> 'lapsed',
                participation.registration_date
            )
        ) as warned (kind, holds, fact_date)
    where
        participation.coverage_month = :coverage_month
        and participation.province_code = :province_code
        and left(participation.area_code, length(:area_code)) = :area_code
        and warned.holds
),

warned_members as (
    select
        registry.person_id,
        warned.kind,
        registry.area_code,
        registry.village_code,
        registry.worker_group,
        registry.payer,
        warned.fact_date,
        warned.kind in ('reaching_age_limit', 'decree_expiring') as is_counted
    from core.registry
    cross join
        lateral (
            values
            ('unpaid_1', registry.protection_state = 'grace_1', null::date),
            ('unpaid_2', registry.protection_state = 'grace_2', null),
            (
                'under_3_months',
                registry.is_new
                and registry.protection_state in ('active', 'grace_1', 'grace_2'),
                null
            ),
            ('reaching_age_limit', registry.is_reaching_age_limit, null),
            (
                'decree_expiring',
                registry.end_date > :month_end and registry.end_date <= :decree_until,
                registry.end_date
            )
        ) as warned (kind, holds, fact_date)
    where
        registry.coverage_month = :coverage_month
        and registry.province_code = :province_code
        and left(registry.area_code, length(:area_code)) = :area_code
        and warned.holds
),

warned_people as (
    select * from warned_participants
    union all
    select * from warned_members
)

select
    person_id,
    kind,
    min(area_code) as area_code,
    min(village_code) as village_code,
    string_agg(distinct worker_group, ', ' order by worker_group) as worker_groups,
    string_agg(distinct nullif(payer, 'tidak_diketahui'), ', ') as payers,
    min(fact_date) as fact_date,
    bool_or(is_counted) as is_counted
from warned_people
group by person_id, kind
order by kind, area_code, village_code, person_id;
