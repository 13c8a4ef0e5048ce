-- table:   contributions (temporary table) -> core.contributions
-- grain:   one row per payment of the month's files
-- inputs:  payment_rows, registry, person_flags, counted_as, slice
-- params:  none
-- re-run:  replaces the table; the slice (month, province) is replaced whole
--
-- Every rupiah of the files is in exactly one row. Area and group are those of the list
-- that has the person, an entry with the same payer first; a person outside the lists is
-- tidak_terdaftar in the regency of the membership, an unknown KPJ in that of the sender.
-- The total is the sum of the programmes; only where none is stated the stated total.
create or replace temp table contributions as
with payments_of_members as (
    select
        payment_rows.*,
        coalesce(
            counted_as.person_id, payment_rows.person_id
        ) as registered_id,
    from payment_rows
    left join counted_as on payment_rows.person_id = counted_as.other_id
),

entries_with_the_payer as (
    select
        person_id,
        funding_payer,
        arg_min(area_code, (group_rank, area_code)) as area_code,
        arg_min(worker_group, (group_rank, area_code)) as worker_group,
    from registry
    group by person_id, funding_payer
),

first_entries as (
    select
        person_id,
        arg_min(area_code, (group_rank, area_code)) as area_code,
        arg_min(worker_group, (group_rank, area_code)) as worker_group,
    from registry
    group by person_id
)

select
    slice.coverage_month,
    slice.province_code,
    coalesce(
        entries_with_the_payer.area_code,
        first_entries.area_code,
        payments_of_members.member_area_code,
        payments_of_members.sender_code
    ) as area_code,
    coalesce(
        entries_with_the_payer.worker_group,
        first_entries.worker_group,
        'tidak_terdaftar'
    ) as worker_group,
    payments_of_members.payer,
    payments_of_members.membership_id,
    payments_of_members.person_id,
    payments_of_members.segment,
    payments_of_members.contribution_month,
    payments_of_members.jkk_rupiah,
    payments_of_members.jkm_rupiah,
    payments_of_members.jht_rupiah,
    payments_of_members.jp_rupiah,
    payments_of_members.jkp_rupiah,
    coalesce(
        list_sum([
            payments_of_members.jkk_rupiah,
            payments_of_members.jkm_rupiah,
            payments_of_members.jht_rupiah,
            payments_of_members.jp_rupiah,
            payments_of_members.jkp_rupiah
        ]),
        payments_of_members.stated_rupiah,
        0
    )::decimal(18, 2) as total_rupiah,
    payments_of_members.paid_date,
    payments_of_members.participation_state <> 'lapsed' as is_active,
    person_flags.kind as ineligible_kind,
    payments_of_members.submission_id,
    payments_of_members.source_row,
from payments_of_members
cross join slice
left join entries_with_the_payer
    on
        payments_of_members.registered_id = entries_with_the_payer.person_id
        and payments_of_members.payer = entries_with_the_payer.funding_payer
left join first_entries on payments_of_members.registered_id = first_entries.person_id
left join person_flags on payments_of_members.registered_id = person_flags.person_id;
