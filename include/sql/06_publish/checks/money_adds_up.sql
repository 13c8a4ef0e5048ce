-- rule:   rupiah and heads of a row ALL are the sum of its parts: over payers, and over
--         worker groups
-- inputs: monthly_funding
-- result: area_code, worker_group and payer of the row that breaks it
with measures as (
    select *,
    from (
        select
            area_code,
            fiscal_year,
            worker_group,
            payer,
            coalesce(budget_rupiah, 0) as budget_rupiah,
            coalesce(realised_rupiah, 0) as realised_rupiah,
            coalesce(budgeted_count, 0)::decimal(18, 2) as budgeted_count,
            coalesce(expected_rupiah, 0) as expected_rupiah,
            coalesce(unpriced_count, 0)::decimal(18, 2) as unpriced_count,
            coalesce(paid_rupiah, 0) as paid_rupiah,
            coalesce(ineligible_rupiah, 0) as ineligible_rupiah,
        from monthly_funding
    ) as amounts
    unpivot (
        amount for measure in (
            budget_rupiah,
            realised_rupiah,
            budgeted_count,
            expected_rupiah,
            unpriced_count,
            paid_rupiah,
            ineligible_rupiah
        )
    )
),

sums_of_parts as (
    select
        area_code,
        fiscal_year,
        worker_group,
        'ALL' as payer,
        measure,
        sum(amount) as amount,
    from measures
    where payer <> 'ALL'
    group by area_code, fiscal_year, worker_group, measure
    union all
    select
        area_code,
        fiscal_year,
        'ALL' as worker_group,
        payer,
        measure,
        sum(amount) as amount,
    from measures
    where worker_group <> 'ALL'
    group by area_code, fiscal_year, payer, measure
)

select
    sums_of_parts.area_code,
    concat_ws(
        ' ',
        sums_of_parts.measure,
        sums_of_parts.worker_group,
        sums_of_parts.payer
    ) as part,
from sums_of_parts
left join measures
    on
        sums_of_parts.area_code = measures.area_code
        and sums_of_parts.fiscal_year = measures.fiscal_year
        and sums_of_parts.worker_group = measures.worker_group
        and sums_of_parts.payer = measures.payer
        and sums_of_parts.measure = measures.measure
where sums_of_parts.amount <> coalesce(measures.amount, 0)
order by
    area_code,
    part
limit 1;
