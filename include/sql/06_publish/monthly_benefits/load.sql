-- table:  monthly_benefits
-- grain:  area_code (province and regencies), programme
-- inputs: claims (reconcile), presence, area_levels
-- params: $first_day
-- re-run: same inputs, same rows
-- Claims of the month's files by the regency of the participant. An area whose claims
-- were reported has a row ALL, with zero where nothing was paid; others have none.
create table monthly_benefits as
with claims_by_programme as (
    select
        area_levels.area_code,
        coalesce(claims.programme, 'ALL') as programme,
        count(*) as claim_count,
        sum(claims.paid_rupiah) as paid_rupiah,
    from claims
    inner join area_levels on claims.area_code = area_levels.part_code
    group by
        grouping sets (
            (area_levels.area_code, claims.programme), (area_levels.area_code)
        )
),

areas_reporting as (
    select
        area_code,
        'ALL' as programme,
    from presence
    where dataset = 'bpjs_klaim' and has_data
)

select
    cast($first_day as date) as coverage_month,
    coalesce(claims_by_programme.area_code, areas_reporting.area_code) as area_code,
    if(
        length(coalesce(claims_by_programme.area_code, areas_reporting.area_code)) = 2,
        'province',
        'regency'
    ) as area_level,
    coalesce(claims_by_programme.programme, areas_reporting.programme) as programme,
    cast(coalesce(claims_by_programme.claim_count, 0) as integer) as claim_count,
    cast(coalesce(claims_by_programme.paid_rupiah, 0) as decimal(18, 2))
        as paid_rupiah,
from claims_by_programme
full join areas_reporting
    on
        claims_by_programme.area_code = areas_reporting.area_code
        and claims_by_programme.programme = areas_reporting.programme
order by
    area_code,
    programme;
