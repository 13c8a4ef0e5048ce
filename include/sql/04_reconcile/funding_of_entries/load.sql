-- table:   funding_of_entries (temporary)
-- grain:   one row per registering area, worker group and person
-- inputs:  registry_rows, pairs, slice, bpu_month_costs, contribution_rates,
--          funding_rules, macros sector_class_of and contribution_exact
-- params:  none
-- re-run:  replaces the table
--
-- Who should pay what for this month. Payer: the list's, else that of the membership
-- which counts (best state first, BPU before PU). Rupiah: the rate of the month for the
-- segment and the programmes of the active membership; JKK and JKM of BPU at the minimum
-- base for who has none. Nothing is expected for an ineligible age, outside the dates of
-- the list, or for a proposal (usulan) that is not protected yet. NULL: payer, wage or
-- rate of the month is not known.
create or replace temp table funding_of_entries as
with memberships_of_entries as (
    select
        area_code,
        worker_group,
        person_id,
        arg_min(payer, (state_rank, segment, payer))
        filter (where payer <> 'tidak_diketahui') as membership_payer,
        arg_min(sector, (state_rank, segment, sector)) as sector,
        coalesce(bool_or(segment = 'BPU' and state_rank < 4), false) as is_bpu,
        coalesce(bool_or(segment = 'PU' and state_rank < 4), false) as is_wage_worker,
        coalesce(bool_or(state_rank < 4), false) as is_active,
        bool_or(has_jkk) filter (where state_rank < 4) as has_jkk,
        bool_or(has_jkm) filter (where state_rank < 4) as has_jkm,
        bool_or(has_jht) filter (where state_rank < 4) as has_jht,
        bool_or(has_jp) filter (where state_rank < 4) as has_jp,
    from pairs
    where is_linked
    group by area_code, worker_group, person_id
),

entries as (
    select
        registry_rows.area_code,
        registry_rows.worker_group,
        registry_rows.person_id,
        registry_rows.income_rupiah,
        coalesce(
            nullif(registry_rows.payer, 'tidak_diketahui'),
            memberships_of_entries.membership_payer,
            'tidak_diketahui'
        ) as funding_payer,
        sector_class_of(memberships_of_entries.sector) as sector_class,
        if(
            memberships_of_entries.is_wage_worker
            and not memberships_of_entries.is_bpu,
            'PU',
            'BPU'
        ) as segment,
        coalesce(memberships_of_entries.has_jkk, true) as has_jkk,
        coalesce(memberships_of_entries.has_jkm, true) as has_jkm,
        coalesce(memberships_of_entries.has_jht, false) as has_jht,
        coalesce(memberships_of_entries.has_jp, false) as has_jp,
        not registry_rows.is_ineligible
        and coalesce(registry_rows.end_date >= slice.coverage_month, true)
        and coalesce(registry_rows.start_date <= slice.month_end, true)
        and (
            coalesce(memberships_of_entries.is_active, false)
            or registry_rows.registration_status is distinct from 'usulan'
        ) as is_expected,
    from registry_rows
    cross join slice
    left join memberships_of_entries
        on
            registry_rows.area_code = memberships_of_entries.area_code
            and registry_rows.worker_group = memberships_of_entries.worker_group
            and registry_rows.person_id = memberships_of_entries.person_id
),

wage_lines as (
    select
        entries.area_code,
        entries.worker_group,
        entries.person_id,
        round(
            sum(
                contribution_exact(
                    contribution_rates.kind,
                    contribution_rates.value,
                    contribution_rates.base_minimum,
                    contribution_rates.base_maximum,
                    contribution_rates.slice_from,
                    contribution_rates.slice_to,
                    entries.income_rupiah
                )
            )
        ) as line_rupiah,
    from entries
    cross join funding_rules
    inner join contribution_rates
        on
            contribution_rates.segment = 'PU'
            and entries.sector_class = contribution_rates.sector_class
            and if(
                entries.funding_payer = 'tidak_diketahui',
                'perusahaan',
                entries.funding_payer
            ) = contribution_rates.payer
            and contribution_rates.only_with is null
            and coalesce(
                funding_rules.risk_class = contribution_rates.risk_class, true
            )
            and case contribution_rates.programme
                when 'JKK' then entries.has_jkk
                when 'JKM' then entries.has_jkm
                when 'JHT' then entries.has_jht
                when 'JP' then entries.has_jp
                else false
            end
    where entries.segment = 'PU' and entries.income_rupiah is not null
    group by
        entries.area_code,
        entries.worker_group,
        entries.person_id,
        contribution_rates.programme,
        contribution_rates.borne_by
),

wage_costs as (
    select
        area_code,
        worker_group,
        person_id,
        sum(line_rupiah) as rupiah,
    from wage_lines
    group by area_code, worker_group, person_id
)

select
    entries.area_code,
    entries.worker_group,
    entries.person_id,
    entries.funding_payer,
    case
        when not entries.is_expected then 0
        when entries.segment = 'PU' then wage_costs.rupiah
        else
            if(entries.has_jkk, bpu_month_costs.jkk, 0)
            + if(entries.has_jkm, bpu_month_costs.jkm, 0)
            + if(entries.has_jht, bpu_month_costs.jht, 0)
    end::decimal(18, 0) as expected_rupiah,
from entries
left join bpu_month_costs
    on
        entries.sector_class = bpu_month_costs.sector_class
        and entries.funding_payer = bpu_month_costs.payer
left join wage_costs
    on
        entries.area_code = wage_costs.area_code
        and entries.worker_group = wage_costs.worker_group
        and entries.person_id = wage_costs.person_id;
