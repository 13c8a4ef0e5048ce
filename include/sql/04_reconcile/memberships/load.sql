-- table:   memberships (temporary view, written once as scratch Parquet)
-- grain:   one row per membership: KPJ, segment and payer
-- inputs:  snapshot_rows, repeated_kpj, slice, macros identity_of and pseudonym
-- params:  none
-- re-run:  replaces the view
--
-- Rule 2, person: valid NIK; else the one NIK the same KPJ has elsewhere in the extract
-- (two different ones decide nothing); else the KPJ.
-- The same membership in two files (whole province and regency) is one: posted before
-- finalised before draft, then the latest paid month. A row without payer beside one
-- with a payer of the same KPJ and segment is the same membership.
-- membership_id = pseudonym of 'membership:KPJ|segment|payer', under the person's key.
-- Rule 1, state in month M from the last paid month L: M - L <= 0 active, 1 grace_1,
-- 2 grace_2, more lapsed; a stated "tidak aktif" is lapsed whatever was paid; without L
-- a stated "aktif" is active and anything else lapsed. is_new: registered in M, M-1
-- or M-2.
create or replace temp view memberships as
with single_rows as (
    select
        snapshot_rows.* exclude (nik, payer),
        snapshot_rows.nik,
        coalesce(snapshot_rows.payer, 'tidak_diketahui') as payer,
    from snapshot_rows
    anti join repeated_kpj on snapshot_rows.kpj = repeated_kpj.kpj
),

repeated_rows_completed as (
    select
        snapshot_rows.* exclude (nik, payer),
        coalesce(
            snapshot_rows.nik,
            if(
                min(snapshot_rows.nik) over same_kpj
                = max(snapshot_rows.nik) over same_kpj,
                min(snapshot_rows.nik) over same_kpj,
                null
            )
        ) as nik,
        coalesce(
            snapshot_rows.payer,
            min(snapshot_rows.payer) over (
                partition by snapshot_rows.kpj, snapshot_rows.segment
            ),
            'tidak_diketahui'
        ) as payer,
    from snapshot_rows
    semi join repeated_kpj on snapshot_rows.kpj = repeated_kpj.kpj
    window same_kpj as (partition by snapshot_rows.kpj)
),

repeated_rows_once as (
    select *,
    from repeated_rows_completed
    qualify row_number() over (
        partition by kpj, segment, payer
        order by
            case period_status
                when 'posting' then 1
                when 'finalisasi' then 2
                when 'draft' then 3
                else 4
            end asc,
            paid_through_month desc nulls last,
            status asc nulls last,
            nik asc nulls last,
            registration_date asc nulls last,
            area_code asc,
            village_code asc nulls last,
            (has_jkk, has_jkm, has_jht, has_jp, has_jkp) desc nulls last,
            sector asc nulls last,
            name asc nulls last,
            birth_date asc nulls last,
            sex asc nulls last,
            submission_id asc,
            source_row asc
    ) = 1
),

memberships_once as (
    select *, from single_rows
    union all by name
    select *, from repeated_rows_once
),

memberships_measured as (
    select
        memberships_once.*,
        slice.coverage_month,
        date_diff(
            'month', memberships_once.paid_through_month, slice.coverage_month
        ) as months_behind,
        memberships_once.status as stated_status,
    from memberships_once
    cross join slice
)

select
    pseudonym('membership:' || kpj || '|' || segment || '|' || payer) as membership_id,
    pseudonym(identity_of(nik, kpj)) as person_id,
    kpj,
    nik,
    name,
    birth_date,
    sex,
    segment,
    area_code,
    village_code,
    payer,
    sector,
    has_jkk,
    has_jkm,
    has_jht,
    has_jp,
    has_jkp,
    registration_date,
    paid_through_month,
    if(months_behind < 0, 0, months_behind)::smallint as unpaid_months,
    case
        when stated_status = 'tidak_aktif' then 'lapsed'
        when months_behind <= 0 then 'active'
        when months_behind = 1 then 'grace_1'
        when months_behind = 2 then 'grace_2'
        when months_behind >= 3 then 'lapsed'
        when stated_status = 'aktif' then 'active'
        else 'lapsed'
    end as participation_state,
    registration_date >= coverage_month - interval 2 month
    and registration_date < coverage_month + interval 1 month as is_new,
    period_status,
    submission_id,
    source_row,
from memberships_measured;
