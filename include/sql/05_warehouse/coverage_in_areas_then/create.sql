-- view: mart.coverage_in_areas_then
-- grain: one row per row of mart.monthly_coverage
-- inputs: mart.monthly_coverage, core.areas, core.area_links
-- re-run: replaced whole
--
-- Each month as it was published, with the names its areas had then.
create or replace view mart.coverage_in_areas_then as
select
    published.*,
    coalesce(
        (
            select links.predecessor_name
            from core.area_links as links
            where
                links.kind = 'rename'
                and links.successor_code = published.area_code
                and links.valid_from
                >= published.coverage_month + interval '1 month'
            order by links.valid_from
            limit 1
        ),
        areas.name
    ) as area_name,
    areas.valid_from as area_valid_from,
    areas.valid_to as area_valid_to
from mart.monthly_coverage as published
left join core.areas as areas on published.area_code = areas.area_code
