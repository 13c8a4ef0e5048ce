-- table:   payments (temporary view, written once as scratch Parquet: payment_rows),
--          payments_of_files, payments_once (temporary views), often_paid (temporary
--          table)
-- grain:   one row per payment of the month's files
-- inputs:  contribution_files (view: accepted rows of bpjs_iuran), inputs,
--          membership_rows, repeated_kpj
-- params:  none
-- re-run:  replaces all
--
-- The same payment in two files (whole province and regency: KPJ, month, payer, day and
-- all amounts equal) is one payment; month.py counts the other. Most KPJ are paid for
-- once, so only the others are compared. Whose it is: the membership of that KPJ, with
-- the same payer first, then the best state.
create or replace temp view payments_of_files as
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
)

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
inner join inputs on rows_of_the_files.filename = inputs.filename;

create or replace temp table often_paid as
select kpj,
from payments_of_files
group by kpj
having count(*) > 1;

create or replace temp view payments_once as
select payments_of_files.*,
from payments_of_files
anti join often_paid on payments_of_files.kpj = often_paid.kpj
union all
select payments_of_files.*,
from payments_of_files
semi join often_paid on payments_of_files.kpj = often_paid.kpj
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
) = 1;

create or replace temp view payments as
with repeated_memberships as (
    select membership_rows.*,
    from membership_rows
    semi join repeated_kpj on membership_rows.kpj = repeated_kpj.kpj
),

memberships_of_kpj as (
    select
        membership_rows.kpj,
        membership_rows.membership_id,
        membership_rows.person_id,
        membership_rows.segment,
        membership_rows.area_code,
        membership_rows.participation_state,
    from membership_rows
    anti join repeated_kpj on membership_rows.kpj = repeated_kpj.kpj
    union all
    select
        kpj,
        membership_id,
        person_id,
        segment,
        area_code,
        participation_state,
    from repeated_memberships
    qualify row_number() over (
        partition by kpj
        order by participation_state asc, segment asc, payer asc
    ) = 1
),

memberships_of_payer as (
    select *,
    from repeated_memberships
    qualify row_number() over (
        partition by kpj, payer
        order by participation_state asc, segment asc
    ) = 1
)

select
    payments_once.*,
    if(of_payer.kpj is null, of_kpj.membership_id, of_payer.membership_id)
        as membership_id,
    if(of_payer.kpj is null, of_kpj.person_id, of_payer.person_id)
        as person_id,
    if(of_payer.kpj is null, of_kpj.segment, of_payer.segment)
        as segment,
    if(of_payer.kpj is null, of_kpj.area_code, of_payer.area_code)
        as member_area_code,
    if(of_payer.kpj is null, of_kpj.participation_state, of_payer.participation_state)
        as participation_state,
from payments_once
left join memberships_of_payer as of_payer
    on payments_once.kpj = of_payer.kpj and payments_once.payer = of_payer.payer
left join memberships_of_kpj as of_kpj on payments_once.kpj = of_kpj.kpj;
