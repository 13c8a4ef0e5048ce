-- table:  presence (scratch)
-- grain:  area_code (province and regencies), dataset
-- inputs: area_scope, contracts, reports
-- params: $province_code
-- re-run: pure
-- Whether an area has data of a dataset, so that "no data" is not shown as zero. An
-- extract of the whole province covers every regency, and extracts of the regencies cover
-- the province once every one of them has one; a registry the province sent stands beside
-- those of the regencies and covers none of them.
create table presence as
with senders as (
    select
        reports.dataset,
        count(distinct regencies.area_code)
        = (
            select count(*)
            from area_scope
            where area_level = 'regency'
        )
        or bool_or(reports.area_code = $province_code) as is_of_everybody,
    from reports
    left join area_scope as regencies
        on
            reports.area_code = regencies.area_code
            and regencies.area_level = 'regency'
    where reports.is_usable
    group by reports.dataset
)

select
    area_scope.area_code,
    area_scope.area_level,
    contracts.dataset,
    contracts.kind,
    contracts.has_status,
    coalesce(bool_or(reports.is_usable), false)
    and (
        area_scope.area_level <> 'province'
        or contracts.kind <> 'participation'
        or coalesce(bool_or(senders.is_of_everybody), false)
    ) as has_data,
from area_scope
cross join contracts
left join reports
    on
        contracts.dataset = reports.dataset
        and (
            area_scope.area_code = reports.area_code
            or area_scope.area_level = 'province'
            or (
                contracts.kind in ('participation', 'extract')
                and reports.area_code = $province_code
            )
        )
left join senders on contracts.dataset = senders.dataset
where area_scope.area_level in ('province', 'regency')
group by
    area_scope.area_code,
    area_scope.area_level,
    contracts.dataset,
    contracts.kind,
    contracts.has_status;
