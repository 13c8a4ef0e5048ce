-- rule:   every rupiah of the files is published once: an area has what is its own, the
--         province that of its regencies too
-- inputs: monthly_funding, monthly_benefits, contributions, registry, budgets,
--         budget_reports, pledges, claims, area_levels
-- params: $target_year
-- result: area_code, measure that breaks it
with rupiah_found as (
    select
        area_code,
        'paid_rupiah' as measure,
        total_rupiah as amount,
    from contributions
    union all
    select
        area_code,
        'expected_rupiah' as measure,
        expected_rupiah as amount,
    from registry
    union all
    select
        area_code,
        'budget_rupiah' as measure,
        budget_rupiah as amount,
    from budgets
    where fiscal_year = $target_year
    union all
    select
        area_code,
        'budget_rupiah' as measure,
        pledge_rupiah as amount,
    from pledges
    union all
    select
        area_code,
        'realised_rupiah' as measure,
        realised_rupiah as amount,
    from budgets
    where fiscal_year = $target_year
    union all
    select
        area_code,
        'benefits' as measure,
        paid_rupiah as amount,
    from claims
),

found as (
    select
        area_levels.area_code,
        rupiah_found.measure,
        sum(coalesce(rupiah_found.amount, 0)) as amount,
    from rupiah_found
    inner join area_levels on rupiah_found.area_code = area_levels.part_code
    group by area_levels.area_code, rupiah_found.measure
),

-- a sender, list or claim of an area that is no regency of the province
lost as (
    select
        rupiah_found.area_code,
        rupiah_found.measure,
        rupiah_found.amount,
    from rupiah_found
    anti join area_levels on rupiah_found.area_code = area_levels.part_code
    where rupiah_found.amount > 0
),

published as (
    select *,
    from (
        select
            area_code,
            paid_rupiah,
            expected_rupiah,
            budget_rupiah,
            realised_rupiah,
        from monthly_funding
        where
            fiscal_year = $target_year
            and worker_group = 'ALL'
            and payer = 'ALL'
    ) as amounts
    unpivot (
        amount for measure in (
            paid_rupiah, expected_rupiah, budget_rupiah, realised_rupiah
        )
    )
    union all
    select
        area_code,
        'benefits' as measure,
        paid_rupiah as amount,
    from monthly_benefits
    where programme = 'ALL'
),

rows_that_break_it as (
    select
        coalesce(found.area_code, published.area_code) as area_code,
        coalesce(found.measure, published.measure) as part,
    from found
    full join published
        on
            found.area_code = published.area_code
            and found.measure = published.measure
    where coalesce(found.amount, 0) <> coalesce(published.amount, 0)
    union all
    select
        area_code,
        measure as part,
    from lost
)

select
    area_code,
    part,
from rows_that_break_it
order by
    area_code,
    part
limit 1;
