-- table:   stakes, overpayments (temporary)
-- grain:   area and person with public money at stake; person paid for twice
-- inputs:  contributions, membership_rows, registry, counted_as, bpu_month_costs,
--          bpu_minimum_contributions, inputs, slice, macros is_subsidised and
--          sector_class_of
-- params:  none
-- re-run:  replaces both
--
-- What the month cost somebody else for a person. Where the area or the province sent
-- payments, what was paid (dasar=iuran); else what the file of another area says was
-- paid, or the minimum rate of the BPU memberships that are paid up or in grace
-- (dasar=tarif). Each rupiah is in one area: the one that registered the person first,
-- else that of the membership.
-- Overpayments: two known payers for one BPU person-month. Payments that together stay
-- within the rate of the month share it and are none; beyond it, the surplus is at
-- stake. Without payments two memberships paid for this very month: the cheaper one.
create or replace temp table stakes as
with first_entries as (
    select
        person_id,
        arg_min(area_code, (group_rank, area_code)) as area_code,
    from registry
    group by person_id
),

-- a file of the province speaks for every regency
senders_of_payments as (
    select distinct
        inputs.area_code,
        inputs.area_code = slice.province_code as is_province,
    from inputs
    cross join slice
    where inputs.dataset = 'bpjs_iuran'
),

paid as (
    select
        contributions.area_code,
        coalesce(counted_as.person_id, contributions.person_id) as person_id,
        sum(contributions.total_rupiah) as rupiah,
    from contributions
    left join counted_as on contributions.person_id = counted_as.other_id
    where contributions.person_id is not null and is_subsidised(contributions.payer)
    group by
        contributions.area_code,
        coalesce(counted_as.person_id, contributions.person_id)
),

members as (
    select
        membership_rows.* exclude (person_id),
        coalesce(counted_as.person_id, membership_rows.person_id) as person_id,
    from membership_rows
    left join counted_as on membership_rows.person_id = counted_as.other_id
),

due as (
    select
        coalesce(first_entries.area_code, members.area_code) as area_code,
        members.person_id,
        sum(
            if(coalesce(members.has_jkk, true), costs.jkk, 0)
            + if(coalesce(members.has_jkm, true), costs.jkm, 0)
            + if(coalesce(members.has_jht, false), costs.jht, 0)
        ) as rupiah,
    from members
    left join first_entries on members.person_id = first_entries.person_id
    inner join bpu_month_costs as costs
        on
            members.payer = costs.payer
            and sector_class_of(members.sector) = costs.sector_class
    where
        members.segment = 'BPU'
        and members.participation_state <> 'lapsed'
        and is_subsidised(members.payer)
    group by
        coalesce(first_entries.area_code, members.area_code),
        members.person_id
)

select
    area_code,
    person_id,
    rupiah::decimal(18, 2) as rupiah,
    'iuran' as basis,
from paid
union all
select
    due.area_code,
    due.person_id,
    due.rupiah::decimal(18, 2) as rupiah,
    'tarif' as basis,
from due
anti join senders_of_payments
    on
        due.area_code = senders_of_payments.area_code
        or senders_of_payments.is_province
anti join paid on due.area_code = paid.area_code and due.person_id = paid.person_id;

create or replace temp table overpayments as
with full_rates as (
    select
        programme,
        max(contribution_rupiah) as rupiah,
    from bpu_minimum_contributions
    group by programme
),

paid_by_programme as (
    select
        person_id,
        contribution_month,
        payer,
        sum(coalesce(jkk_rupiah, 0) + coalesce(jkm_rupiah, 0)) as rupiah,
    from contributions
    where segment = 'BPU' and person_id is not null and payer <> 'tidak_diketahui'
    group by person_id, contribution_month, payer
),

-- nearly everybody is paid for once: lists of payers are only made of the others
paid_again as (
    select
        person_id,
        contribution_month,
    from paid_by_programme
    where rupiah > 0
    group by person_id, contribution_month
    having count(*) > 1
),

paid_months as (
    select
        paid_by_programme.person_id,
        paid_by_programme.contribution_month,
        string_agg(
            paid_by_programme.payer, '+' order by paid_by_programme.payer
        ) as payers,
        sum(paid_by_programme.rupiah) as rupiah,
        max(paid_by_programme.rupiah) as largest_rupiah,
    from paid_by_programme
    semi join paid_again
        on
            paid_by_programme.person_id = paid_again.person_id
            and paid_by_programme.contribution_month = paid_again.contribution_month
    where paid_by_programme.rupiah > 0
    group by paid_by_programme.person_id, paid_by_programme.contribution_month
),

surplus_by_person as (
    select
        paid_months.person_id,
        arg_max(paid_months.payers, paid_months.contribution_month) as payers,
        sum(
            paid_months.rupiah - greatest(paid_months.largest_rupiah, full_month.rupiah)
        ) as rupiah,
    from paid_months
    cross join (
        select sum(rupiah) as rupiah,
        from full_rates
        where programme in ('JKK', 'JKM')
    ) as full_month
    where paid_months.rupiah > greatest(paid_months.largest_rupiah, full_month.rupiah)
    group by paid_months.person_id
),

paid_up_memberships as (
    select
        membership_rows.person_id,
        membership_rows.payer,
        max(costs.protection) as rupiah,
    from membership_rows
    left join bpu_month_costs as costs
        on
            membership_rows.payer = costs.payer
            and sector_class_of(membership_rows.sector) = costs.sector_class
    where
        membership_rows.segment = 'BPU'
        and membership_rows.participation_state = 'active'
        and membership_rows.payer <> 'tidak_diketahui'
    group by membership_rows.person_id, membership_rows.payer
),

paid_up_again as (
    select person_id,
    from paid_up_memberships
    group by person_id
    having count(*) > 1
),

with_two_payers as (
    select
        paid_up_memberships.person_id,
        string_agg(
            paid_up_memberships.payer, '+' order by paid_up_memberships.payer
        ) as payers,
        sum(paid_up_memberships.rupiah) - max(paid_up_memberships.rupiah) as rupiah,
    from paid_up_memberships
    semi join paid_up_again on paid_up_memberships.person_id = paid_up_again.person_id
    group by paid_up_memberships.person_id
),

sharing as (
    select distinct paid_months.person_id,
    from paid_months
    anti join surplus_by_person
        on paid_months.person_id = surplus_by_person.person_id
)

select
    person_id,
    payers,
    rupiah::decimal(18, 2) as rupiah,
    'iuran' as basis,
from surplus_by_person
union all
select
    with_two_payers.person_id,
    with_two_payers.payers,
    with_two_payers.rupiah::decimal(18, 2) as rupiah,
    'tarif' as basis,
from with_two_payers
anti join surplus_by_person
    on with_two_payers.person_id = surplus_by_person.person_id
anti join sharing on with_two_payers.person_id = sharing.person_id;
