-- table:  funded_people (scratch)
-- grain:  area_code (province or regency), worker_group, payer, person_id
-- inputs: registry, participation, links, discrepancies (reconcile), area_levels
-- params: none
-- re-run: pure
-- Who could be paid for by whom: the payer of the list, and every payer of an active BPU
-- membership of the person. Somebody paid for by two stands under both payers and counts
-- once in ALL. The area is the one whose list it is; a person paid for twice and in no
-- list is tidak_terdaftar in the regency of the membership.
create table funded_people as
with entries as (
    select
        area_code,
        worker_group,
        person_id,
        funding_payer,
        protection_state,
        protection_state in ('active', 'grace_1', 'grace_2') as is_active,
    from registry
),

-- a link below the equal NIK joins two pseudonyms: the membership is the entry's too
memberships_of_entries as (
    select
        participation.person_id,
        participation.segment,
        participation.participation_state,
        participation.payer,
    from participation
    semi join entries on participation.person_id = entries.person_id
    union all
    select
        links.person_id,
        participation.segment,
        participation.participation_state,
        participation.payer,
    from links
    inner join participation on links.membership_id = participation.membership_id
    where links.link_state = 'linked' and links.person_id <> participation.person_id
),

payers_of_memberships as (
    select distinct
        person_id,
        payer,
    from memberships_of_entries
    where
        segment = 'BPU'
        and participation_state <> 'lapsed'
        and payer <> 'tidak_diketahui'
),

paid_twice as (
    select distinct
        person_id,
        area_code,
        unnest(
            string_split(regexp_extract(detail, 'sumber_iuran=([a-z_+]+)', 1), '+')
        ) as payer,
    from discrepancies
    where kind = 'double_funded'
),

entries_by_payer as (
    select
        area_code,
        worker_group,
        person_id,
        funding_payer as payer,
        protection_state is not null as is_state_known,
        coalesce(is_active, false) as is_active,
        false as is_paid_twice,
        true as is_registered,
    from entries
    union all
    select
        entries.area_code,
        entries.worker_group,
        entries.person_id,
        payers_of_memberships.payer,
        true as is_state_known,
        true as is_active,
        false as is_paid_twice,
        true as is_registered,
    from entries
    inner join payers_of_memberships
        on entries.person_id = payers_of_memberships.person_id
    where entries.is_active
    union all
    select
        entries.area_code,
        entries.worker_group,
        entries.person_id,
        paid_twice.payer,
        entries.protection_state is not null as is_state_known,
        coalesce(entries.is_active, false) as is_active,
        true as is_paid_twice,
        true as is_registered,
    from entries
    inner join paid_twice on entries.person_id = paid_twice.person_id
    union all
    select
        paid_twice.area_code,
        'tidak_terdaftar' as worker_group,
        paid_twice.person_id,
        paid_twice.payer,
        true as is_state_known,
        false as is_active,
        true as is_paid_twice,
        false as is_registered,
    from paid_twice
    anti join entries on paid_twice.person_id = entries.person_id
)

select
    area_levels.area_code,
    entries_by_payer.worker_group,
    entries_by_payer.payer,
    entries_by_payer.person_id,
    bool_and(entries_by_payer.is_state_known) as is_state_known,
    bool_or(entries_by_payer.is_active) as is_active,
    bool_or(entries_by_payer.is_paid_twice) as is_paid_twice,
    bool_or(entries_by_payer.is_registered) as is_registered,
from entries_by_payer
inner join area_levels on entries_by_payer.area_code = area_levels.part_code
group by
    area_levels.area_code,
    entries_by_payer.worker_group,
    entries_by_payer.payer,
    entries_by_payer.person_id;
