-- table:  monthly_funding
-- grain:  area_code (province and regencies), fiscal_year, worker_group, payer
-- inputs: funded_people, registry, contributions, discrepancies, budgets,
--         budget_reports, pledges (reconcile), bpu_month_costs, presence,
--         area_levels, worker_groups
-- params: $first_day, $target_year
-- re-run: same inputs, same rows
-- Every rupiah of a file is in one row of its area, group and payer, and in the rows ALL
-- above it. People and payments are of the month; they stand beside the budget of the
-- fiscal year of the month; later fiscal years, and an earlier one of which a list came
-- this year, show their budget alone. has_budget is NULL where the area has not reported its budget: that is not the same as no budget.
-- For the province it is no only when the province and all regencies said so.
-- months_covered reads the months a budget pays for from the money: budget / (people *
-- JKK and JKM of one month at the minimum base).
create table monthly_funding as
with budget_lines as (
    select
        area_code,
        fiscal_year,
        worker_group,
        payer,
        budget_rupiah,
        realised_rupiah,
        budgeted_count,
    from budgets
    where
        fiscal_year >= $target_year
        or exists (
            select 1,
            from budget_reports
            where
                budget_reports.area_code = budgets.area_code
                and budget_reports.fiscal_year = budgets.fiscal_year
                and year(budget_reports.reported_month) = $target_year
        )
    union all
    select
        area_code,
        cast($target_year as smallint) as fiscal_year,
        worker_group,
        'csr' as payer,
        pledge_rupiah as budget_rupiah,
        null as realised_rupiah,
        pledged_count as budgeted_count,
    from pledges
),

budgeted as (
    select
        area_levels.area_code,
        budget_lines.fiscal_year,
        coalesce(budget_lines.worker_group, 'ALL') as worker_group,
        coalesce(budget_lines.payer, 'ALL') as payer,
        sum(budget_lines.budget_rupiah) as budget_rupiah,
        sum(budget_lines.realised_rupiah) as realised_rupiah,
        sum(budget_lines.budgeted_count) as budgeted_count,
        sum(budget_lines.budget_rupiah)
        filter (where budget_lines.budgeted_count > 0) as counted_rupiah,
        sum(budget_lines.budgeted_count * bpu_month_costs.protection)
            as rupiah_of_one_month,
    from budget_lines
    inner join area_levels on budget_lines.area_code = area_levels.part_code
    left join bpu_month_costs
        on
            budget_lines.payer = bpu_month_costs.payer
            and bpu_month_costs.sector_class = 'other'
    group by
        area_levels.area_code,
        budget_lines.fiscal_year,
        grouping sets (
            (budget_lines.worker_group, budget_lines.payer),
            (budget_lines.worker_group),
            (budget_lines.payer),
            ()
        )
),

people as (
    select
        area_code,
        coalesce(worker_group, 'ALL') as worker_group,
        coalesce(payer, 'ALL') as payer,
        count(distinct person_id) filter (where is_registered) as registered_count,
        if(
            bool_and(is_state_known),
            count(distinct person_id) filter (where is_active),
            null
        ) as active_count,
        count(distinct person_id) filter (where is_paid_twice) as double_funded_count,
    from funded_people
    group by
        area_code,
        grouping sets ((worker_group, payer), (worker_group), (payer), ())
),

expected as (
    select
        area_levels.area_code,
        coalesce(registry.worker_group, 'ALL') as worker_group,
        coalesce(registry.funding_payer, 'ALL') as payer,
        sum(registry.expected_rupiah) as expected_rupiah,
        count(*) - count(registry.expected_rupiah) as unpriced_count,
    from registry
    inner join area_levels on registry.area_code = area_levels.part_code
    group by
        area_levels.area_code,
        grouping sets (
            (registry.worker_group, registry.funding_payer),
            (registry.worker_group),
            (registry.funding_payer),
            ()
        )
),

paid as (
    select
        area_levels.area_code,
        coalesce(contributions.worker_group, 'ALL') as worker_group,
        coalesce(contributions.payer, 'ALL') as payer,
        sum(contributions.total_rupiah) as paid_rupiah,
        sum(contributions.total_rupiah) filter (
            where contributions.ineligible_kind is not null
            and is_subsidised(contributions.payer)
        ) as ineligible_rupiah,
    from contributions
    inner join area_levels on contributions.area_code = area_levels.part_code
    group by
        area_levels.area_code,
        grouping sets (
            (contributions.worker_group, contributions.payer),
            (contributions.worker_group),
            (contributions.payer),
            ()
        )
),

-- where nothing is known of payments: what the rates say such people cost
ineligible_people as (
    select
        discrepancies.area_code,
        discrepancies.person_id,
        coalesce(min(discrepancies.worker_group), 'tidak_terdaftar') as worker_group,
        max(discrepancies.rupiah) as rupiah,
    from discrepancies
    where
        discrepancies.kind in (
            'deceased', 'became_asn', 'covered_by_employer', 'ineligible_age'
        )
        and discrepancies.detail like '%dasar=tarif%'
    group by discrepancies.area_code, discrepancies.person_id
),

ineligible_by_rate as (
    select
        area_levels.area_code,
        coalesce(ineligible_people.worker_group, 'ALL') as worker_group,
        coalesce(payers.payer, 'ALL') as payer,
        sum(ineligible_people.rupiah) as ineligible_rupiah,
    from ineligible_people
    inner join area_levels on ineligible_people.area_code = area_levels.part_code
    left join lateral (
        select coalesce(min(registry.funding_payer), 'tidak_diketahui') as payer,
        from registry
        where
            registry.area_code = ineligible_people.area_code
            and registry.worker_group = ineligible_people.worker_group
            and registry.person_id = ineligible_people.person_id
    ) as payers on true
    group by
        area_levels.area_code,
        grouping sets (
            (ineligible_people.worker_group, payers.payer),
            (ineligible_people.worker_group),
            (payers.payer),
            ()
        )
),

part_counts as (
    select
        area_code,
        count(*) as part_count,
    from area_levels
    group by area_code
),

reports_of_areas as (
    select
        area_levels.area_code,
        budget_reports.fiscal_year,
        count(*) = any_value(part_counts.part_count) as is_complete,
    from budget_reports
    inner join area_levels on budget_reports.area_code = area_levels.part_code
    inner join part_counts on area_levels.area_code = part_counts.area_code
    group by area_levels.area_code, budget_reports.fiscal_year
),

has_payments as (
    select
        area_code,
        bool_or(has_data) as has_data,
    from presence
    where dataset = 'bpjs_iuran'
    group by area_code
),

has_lists as (
    select
        area_code,
        coalesce(dataset, 'ALL') as worker_group,
        bool_or(has_data) as has_data,
    from presence
    where kind = 'registry'
    group by area_code, grouping sets ((dataset), ())
),

has_extract as (
    select
        area_code,
        bool_or(has_data) as has_data,
    from presence
    where kind = 'participation'
    group by area_code
),

keys as (
    select
        area_code,
        fiscal_year,
        worker_group,
        payer,
    from budgeted
    union
    select
        area_code,
        $target_year as fiscal_year,
        worker_group,
        payer,
    from people
    union
    select
        area_code,
        $target_year as fiscal_year,
        worker_group,
        payer,
    from paid
    union
    select
        area_code,
        $target_year as fiscal_year,
        worker_group,
        payer,
    from ineligible_by_rate
    union
    select
        area_levels.area_code,
        $target_year as fiscal_year,
        worker_groups.worker_group,
        'ALL' as payer,
    from area_levels
    cross join worker_groups
    union
    select
        area_code,
        $target_year as fiscal_year,
        'ALL' as worker_group,
        'ALL' as payer,
    from area_levels
),

put_together as (
    select
        keys.area_code,
        cast(keys.fiscal_year as smallint) as fiscal_year,
        keys.worker_group,
        keys.payer,
        case
            when budgeted.budget_rupiah > 0 then true
            when reports_of_areas.is_complete then false
        end as has_budget,
        coalesce(
            budgeted.budget_rupiah, if(reports_of_areas.is_complete, 0, null)
        ) as budget_rupiah,
        budgeted.realised_rupiah,
        budgeted.budgeted_count,
        budgeted.counted_rupiah / nullif(budgeted.rupiah_of_one_month, 0)
            as months_covered,
        keys.fiscal_year = $target_year as is_this_year,
        coalesce(people.registered_count, if(has_lists.has_data, 0, null))
            as registered_count,
        coalesce(
            people.active_count,
            if(people.area_code is null and has_lists.has_data, 0, null)
        ) as active_count,
        coalesce(
            expected.expected_rupiah,
            if(expected.area_code is null and has_lists.has_data, 0, null)
        ) as expected_rupiah,
        coalesce(expected.unpriced_count, if(has_lists.has_data, 0, null))
            as unpriced_count,
        coalesce(paid.paid_rupiah, if(has_payments.has_data, 0, null)) as paid_rupiah,
        if(has_extract.has_data, coalesce(people.double_funded_count, 0), null)
            as double_funded_count,
        if(
            has_payments.has_data
            or paid.ineligible_rupiah is not null
            or ineligible_by_rate.ineligible_rupiah is not null,
            coalesce(paid.ineligible_rupiah, 0)
            + coalesce(ineligible_by_rate.ineligible_rupiah, 0),
            null
        ) as ineligible_rupiah,
        nullif(
            concat_ws(
                '+',
                if(
                    has_payments.has_data or paid.ineligible_rupiah is not null,
                    'iuran',
                    null
                ),
                if(ineligible_by_rate.ineligible_rupiah is not null, 'tarif', null)
            ),
            ''
        ) as ineligible_basis,
    from keys
    left join budgeted
        on
            keys.area_code = budgeted.area_code
            and keys.fiscal_year = budgeted.fiscal_year
            and keys.worker_group = budgeted.worker_group
            and keys.payer = budgeted.payer
    left join people
        on
            keys.area_code = people.area_code
            and keys.worker_group = people.worker_group
            and keys.payer = people.payer
    left join expected
        on
            keys.area_code = expected.area_code
            and keys.worker_group = expected.worker_group
            and keys.payer = expected.payer
    left join paid
        on
            keys.area_code = paid.area_code
            and keys.worker_group = paid.worker_group
            and keys.payer = paid.payer
    left join ineligible_by_rate
        on
            keys.area_code = ineligible_by_rate.area_code
            and keys.worker_group = ineligible_by_rate.worker_group
            and keys.payer = ineligible_by_rate.payer
    left join reports_of_areas
        on
            keys.area_code = reports_of_areas.area_code
            and keys.fiscal_year = reports_of_areas.fiscal_year
    left join has_payments on keys.area_code = has_payments.area_code
    left join has_extract on keys.area_code = has_extract.area_code
    left join has_lists
        on
            keys.area_code = has_lists.area_code
            and keys.worker_group = has_lists.worker_group
            and keys.payer = 'ALL'
)

select
    cast($first_day as date) as coverage_month,
    area_code,
    if(length(area_code) = 2, 'province', 'regency') as area_level,
    fiscal_year,
    worker_group,
    payer,
    has_budget,
    cast(budget_rupiah as decimal(18, 2)) as budget_rupiah,
    cast(realised_rupiah as decimal(18, 2)) as realised_rupiah,
    cast(budgeted_count as integer) as budgeted_count,
    cast(months_covered as decimal(9, 2)) as months_covered,
    cast(if(is_this_year, registered_count, null) as integer) as registered_count,
    cast(if(is_this_year, active_count, null) as integer) as active_count,
    cast(
        if(is_this_year, greatest(budgeted_count - active_count, 0), null) as integer
    ) as budgeted_not_active_count,
    cast(if(is_this_year, expected_rupiah, null) as decimal(18, 2)) as expected_rupiah,
    cast(if(is_this_year, unpriced_count, null) as integer) as unpriced_count,
    cast(if(is_this_year, paid_rupiah, null) as decimal(18, 2)) as paid_rupiah,
    cast(if(is_this_year, double_funded_count, null) as integer)
        as double_funded_count,
    cast(if(is_this_year, ineligible_rupiah, null) as decimal(18, 2))
        as ineligible_rupiah,
    if(is_this_year, ineligible_basis, null) as ineligible_basis,
from put_together
order by
    area_code,
    fiscal_year,
    worker_group,
    payer;
