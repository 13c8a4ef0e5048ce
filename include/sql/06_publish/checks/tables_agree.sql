-- rule:   what two tables count, they count alike
-- inputs: monthly_coverage, monthly_protection, monthly_village_coverage,
--         monthly_funding, monthly_discrepancies, monthly_early_warning,
--         monthly_benefits
-- params: $province_code, $target_year
-- result: area_code, what differs
--
-- Lists of the province reach a regency through the village of the person in protection
-- and villages, and are the province's own in money and discrepancies: there the
-- comparison is of the province only. A kind of discrepancy counts a person once over
-- the groups, so it is at least that of the largest group.
with listed as (
    select
        area_code,
        worker_group,
        sum(registered_count) as registered_count,
        if(count(*) = count(active_count), sum(active_count), null) as active_count,
        if(count(*) = count(grace_count), sum(grace_count), null) as grace_count,
        if(count(*) = count(lapsed_count), sum(lapsed_count), null) as lapsed_count,
        if(count(*) = count(unenrolled_count), sum(unenrolled_count), null)
            as unenrolled_count,
        sum(ineligible_count) as ineligible_count,
    from monthly_protection
    group by area_code, worker_group
),

funding as (
    select *,
    from monthly_funding
    where fiscal_year = $target_year and payer = 'ALL'
),

warned as (
    select
        area_code,
        worker_group,
        sum(person_count) as unpaid_count,
    from monthly_early_warning
    where kind in ('unpaid_1', 'unpaid_2')
    group by area_code, worker_group
),

discrepancies_of_province as (
    select
        kind,
        person_count,
    from monthly_discrepancies
    where area_code = $province_code
),

largest_groups as (
    select
        max(grace_count) as in_grace,
        max(lapsed_count) as lapsed,
        max(unenrolled_count) as not_enrolled,
        max(ineligible_count) as ineligible_age,
    from listed
    where area_code = $province_code
),

group_bounds as (
    select
        kind,
        at_least,
    from largest_groups
    unpivot (
        at_least for kind in (in_grace, lapsed, not_enrolled, ineligible_age)
    )
),

stakes as (
    select
        area_code,
        max(rupiah) as largest_rupiah,
        sum(rupiah) as total_rupiah,
    from monthly_discrepancies
    where
        kind in ('deceased', 'became_asn', 'covered_by_employer', 'ineligible_age')
        and length(area_code) <= 5
    group by area_code
),

shares_of_payments as (
    select
        monthly_discrepancies.area_code,
        monthly_discrepancies.kind,
    from monthly_discrepancies
    left join funding
        on
            monthly_discrepancies.area_code = funding.area_code
            and funding.worker_group = 'ALL'
    left join monthly_benefits
        on
            monthly_discrepancies.area_code = monthly_benefits.area_code
            and monthly_benefits.programme = 'ALL'
    where
        length(monthly_discrepancies.area_code) <= 5
        and (
            (
                monthly_discrepancies.kind = 'paid_not_active'
                and monthly_discrepancies.rupiah > coalesce(funding.paid_rupiah, 0)
            )
            or (
                monthly_discrepancies.kind = 'claim_not_participant'
                and monthly_discrepancies.rupiah
                > coalesce(monthly_benefits.paid_rupiah, 0)
            )
        )
),

rows_that_break_it as (
    select
        listed.area_code,
        'funding ' || listed.worker_group as part,
    from listed
    inner join funding
        on
            listed.area_code = funding.area_code
            and listed.worker_group = funding.worker_group
    where
        listed.area_code = $province_code
        and (
            listed.registered_count <> funding.registered_count
            or listed.active_count <> funding.active_count
        )
    union all
    select
        listed.area_code,
        'villages ' || listed.worker_group as part,
    from listed
    inner join monthly_village_coverage as villages
        on
            listed.area_code = villages.area_code
            and listed.worker_group = villages.worker_group
    where
        listed.registered_count <> villages.registered_count
        or listed.active_count <> villages.active_count
    union all
    select
        listed.area_code,
        'early_warning ' || listed.worker_group as part,
    from listed
    inner join warned
        on
            listed.area_code = warned.area_code
            and listed.worker_group = warned.worker_group
    where
        listed.area_code = $province_code
        and listed.grace_count > warned.unpaid_count
    union all
    select
        monthly_coverage.area_code,
        'early_warning' as part,
    from monthly_coverage
    inner join warned
        on
            monthly_coverage.area_code = warned.area_code
            and warned.worker_group = 'ALL'
    where
        monthly_coverage.area_code = $province_code
        and monthly_coverage.segment = 'ALL'
        and monthly_coverage.programme = 'ANY'
        and monthly_coverage.grace_count > warned.unpaid_count
    union all
    select
        $province_code as area_code,
        'discrepancies ' || group_bounds.kind as part,
    from group_bounds
    left join discrepancies_of_province
        on group_bounds.kind = discrepancies_of_province.kind
    where group_bounds.at_least > coalesce(discrepancies_of_province.person_count, 0)
    union all
    select
        funding.area_code,
        'double_funded' as part,
    from funding
    left join discrepancies_of_province
        on discrepancies_of_province.kind = 'double_funded'
    where
        funding.area_code = $province_code
        and funding.worker_group = 'ALL'
        and funding.double_funded_count
        <> coalesce(discrepancies_of_province.person_count, 0)
    union all
    select
        funding.area_code,
        'ineligible_rupiah' as part,
    from funding
    left join stakes on funding.area_code = stakes.area_code
    where
        funding.worker_group = 'ALL'
        and (
            coalesce(funding.ineligible_rupiah, 0) > coalesce(stakes.total_rupiah, 0)
            or coalesce(funding.ineligible_rupiah, 0)
            < coalesce(stakes.largest_rupiah, 0)
        )
    union all
    select
        area_code,
        kind as part,
    from shares_of_payments
)

select
    area_code,
    part,
from rows_that_break_it
order by
    area_code,
    part
limit 1;
