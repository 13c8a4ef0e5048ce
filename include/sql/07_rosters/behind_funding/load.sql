-- table:   behind_funding (a query; nothing is stored)
-- grain:   one row per person registered in the area or paid for there
-- inputs:  core.registry, core.participation, core.links, core.discrepancies,
--          core.contributions (one slice: month and province)
-- params:  province_code, coverage_month, area_code (province or regency),
--          worker_group (ALL: any), payer (ALL: any)
-- re-run:  reads only
-- sqlfluff:dialect:postgres
--
-- The people of mart.monthly_funding: payer of the list, of an active BPU membership and
-- of a month paid twice. rupiah: what the month's files paid for the person.
with entries as (
    select
        person_id,
        area_code,
        village_code,
        worker_group,
        funding_payer,
        protection_state,
        expected_rupiah
    from core.registry
    where
        coverage_month = :coverage_month
        and province_code = :province_code
        and left(area_code, length(:area_code)) = :area_code
        and :worker_group in ('ALL', worker_group)
),

payers_of_memberships as (
    select distinct
        participation.person_id,
        participation.payer
    from core.participation
    where
        participation.coverage_month = :coverage_month
        and participation.province_code = :province_code
        and participation.segment = 'BPU'
        and participation.participation_state <> 'lapsed'
        and participation.payer <> 'tidak_diketahui'
    union
    -- a link below the equal NIK joins two pseudonyms
    select
        links.person_id,
        participation.payer
    from core.links
    inner join core.participation
        on
            links.membership_id = participation.membership_id
            and links.coverage_month = participation.coverage_month
            and links.province_code = participation.province_code
    where
        links.coverage_month = :coverage_month
        and links.province_code = :province_code
        and links.link_state = 'linked'
        and links.person_id <> participation.person_id
        and participation.segment = 'BPU'
        and participation.participation_state <> 'lapsed'
        and participation.payer <> 'tidak_diketahui'
),

payers_of_double_funded as (
    select distinct
        discrepancies.person_id,
        unnest(
            string_to_array(
                substring(discrepancies.detail from 'sumber_iuran=([a-z_+]+)'), '+'
            )
        ) as payer
    from core.discrepancies
    where
        discrepancies.coverage_month = :coverage_month
        and discrepancies.province_code = :province_code
        and discrepancies.kind = 'double_funded'
),

payers_of_entries as (
    select
        person_id,
        funding_payer as payer
    from entries
    union
    select
        entries.person_id,
        payers_of_memberships.payer
    from entries
    inner join payers_of_memberships
        on entries.person_id = payers_of_memberships.person_id
    where entries.protection_state in ('active', 'grace_1', 'grace_2')
    union
    select
        entries.person_id,
        payers_of_double_funded.payer
    from entries
    inner join payers_of_double_funded
        on entries.person_id = payers_of_double_funded.person_id
),

registered_people as (
    select
        entries.person_id,
        min(entries.area_code) as area_code,
        min(entries.village_code) as village_code,
        string_agg(distinct entries.worker_group, ', ') as worker_group,
        min(entries.protection_state) as state,
        sum(entries.expected_rupiah) as expected_rupiah
    from entries
    group by entries.person_id
),

payer_lists as (
    select
        person_id,
        string_agg(payer, ', ' order by payer) as payer,
        bool_or(:payer in ('ALL', payer)) as is_wanted
    from payers_of_entries
    group by person_id
),

paid_people as (
    select
        person_id,
        min(area_code) as area_code,
        string_agg(distinct worker_group, ', ') as worker_group,
        string_agg(distinct payer, ', ') as payer,
        sum(total_rupiah) as rupiah
    from core.contributions
    where
        coverage_month = :coverage_month
        and province_code = :province_code
        and left(area_code, length(:area_code)) = :area_code
        and :worker_group in ('ALL', worker_group)
        and :payer in ('ALL', payer)
        and person_id is not null
    group by person_id
)

select
    coalesce(registered_people.person_id, paid_people.person_id) as person_id,
    coalesce(registered_people.area_code, paid_people.area_code) as area_code,
    registered_people.village_code,
    coalesce(registered_people.worker_group, paid_people.worker_group)
        as worker_group,
    null::text as segment,
    coalesce(payer_lists.payer, paid_people.payer) as payer,
    registered_people.state,
    case
        when registered_people.person_id is null
            then 'dibayar, tidak terdaftar di bawah pilihan ini'
        else
            'seharusnya='
            || coalesce(registered_people.expected_rupiah::text, '-')
    end as detail,
    paid_people.rupiah
from registered_people
inner join payer_lists
    on
        registered_people.person_id = payer_lists.person_id
        and payer_lists.is_wanted
full join paid_people on registered_people.person_id = paid_people.person_id
order by 1 asc;
