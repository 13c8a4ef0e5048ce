-- view: mart.areas
-- grain: one row per area code
-- inputs: core.areas
-- re-run: replaced whole
create or replace view mart.areas as
select
    areas.area_code,
    areas.area_level,
    areas.name,
    areas.parent_code,
    areas.bps_code,
    areas.valid_from,
    areas.valid_to,
    areas.village_kind
from core.areas as areas
