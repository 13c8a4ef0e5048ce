-- table:   contributions (temporary table) -> core.contributions
-- grain:   one row per payment of the month's files
-- inputs:  contribution_files (view: accepted rows of bpjs_iuran), membership_rows,
--          repeated_kpj, registry, person_flags, linked_persons, inputs, slice
-- params:  none
-- re-run:  replaces the table; the slice (month, province) is replaced whole
--
-- Every rupiah of the files is in exactly one row. The same payment in two files (whole
-- province and regency: KPJ, month, payer, day and all amounts equal) is one payment;
-- month.py counts the other. Whose it is: the membership of that KPJ, with the same
-- payer first, then the best state. Area and group are those of the list that has the
-- person, an entry with the same payer first; a person outside the lists is
-- tidak_terdaftar in the regency of the membership, an unknown KPJ in that of the sender.
-- The total is the sum of the programmes; only where none is stated the stated total.
create or replace temp table contributions as
with contract_columns as (
    select
        null::varchar as kpj,
        null::date as bulan_iuran,
        null::varchar as sumber_iuran,
        null::decimal(18, 2) as jkk_rupiah,
        null::decimal(18, 2) as jkm_rupiah,
        null::decimal(18, 2) as jht_rupiah,
        null::decimal(18, 2) as jp_rupiah,
        null::decimal(18, 2) as jkp_rupiah,
        null::decimal(18, 2) as total_rupiah,
        null::date as tanggal_bayar,
        null::integer as source_row,
        null::varchar as filename,
    where false
),

rows_of_the_files as (
    select *, from contract_columns
    union all by name
    select *, from contribution_files
),

payments as (
    select
        inputs.submission_id,
        inputs.area_code as sender_code,
        rows_of_the_files.source_row::integer as source_row,
        rows_of_the_files.kpj,
        coalesce(rows_of_the_files.sumber_iuran, 'tidak_diketahui') as payer,
        date_trunc('month', rows_of_the_files.bulan_iuran)::date as contribution_month,
        rows_of_the_files.jkk_rupiah::decimal(18, 2) as jkk_rupiah,
        rows_of_the_files.jkm_rupiah::decimal(18, 2) as jkm_rupiah,
        rows_of_the_files.jht_rupiah::decimal(18, 2) as jht_rupiah,
        rows_of_the_files.jp_rupiah::decimal(18, 2) as jp_rupiah,
        rows_of_the_files.jkp_rupiah::decimal(18, 2) as jkp_rupiah,
        rows_of_the_files.total_rupiah::decimal(18, 2) as stated_rupiah,
        rows_of_the_files.tanggal_bayar as paid_date,
    from rows_of_the_files
    inner join inputs on rows_of_the_files.filename = inputs.filename
),

payments_once as (
    select *,
    from payments
    qualify row_number() over (
        partition by
            kpj,
            contribution_month,
            payer,
            paid_date,
            jkk_rupiah,
            jkm_rupiah,
            jht_rupiah,
            jp_rupiah,
            jkp_rupiah,
            stated_rupiah
        order by length(sender_code) asc, submission_id asc, source_row asc
    ) = 1
),

payments_of_persons as (
    select
        payments_once.*,
        membership_rows.membership_id,
        membership_rows.person_id,
        membership_rows.segment,
        membership_rows.area_code as member_area_code,
        membership_rows.participation_state,
    from payments_once
    anti join repeated_kpj on payments_once.kpj = repeated_kpj.kpj
    left join membership_rows on payments_once.kpj = membership_rows.kpj
    union all
    select
        payments_once.*,
        membership_rows.membership_id,
        membership_rows.person_id,
        membership_rows.segment,
        membership_rows.area_code as member_area_code,
        membership_rows.participation_state,
    from payments_once
    semi join repeated_kpj on payments_once.kpj = repeated_kpj.kpj
    left join membership_rows on payments_once.kpj = membership_rows.kpj
    qualify row_number() over (
        partition by payments_once.submission_id, payments_once.source_row
        order by
            if(payments_once.payer = membership_rows.payer, 0, 1) asc,
            membership_rows.participation_state asc,
            membership_rows.segment asc,
            membership_rows.membership_id asc
    ) = 1
),

payments_of_members as (
    select
        payments_of_persons.*,
        coalesce(
            linked_persons.person_id, payments_of_persons.person_id
        ) as registered_id,
    from payments_of_persons
    left join linked_persons
        on payments_of_persons.person_id = linked_persons.other_id
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
