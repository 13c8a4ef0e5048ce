-- table:   core.areas
-- grain:   one row per area code
-- inputs:  staged_areas (temporary: the shipped area reference)
-- params:  none
-- re-run:  same rows, same result; rows that do not change are not written
-- sqlfluff:dialect:postgres
delete from core.areas
where area_code not in (select staged.area_code from staged_areas as staged);

delete from core.areas
using staged_areas as staged
where
    areas.area_code = staged.area_code
    and (
        areas.area_level, areas.name, areas.parent_code, areas.bps_code,
        areas.village_kind, areas.valid_from, areas.valid_to
    ) is distinct from (
        staged.area_level, staged.name, staged.parent_code, staged.bps_code,
        staged.village_kind, staged.valid_from, staged.valid_to
    );

insert into core.areas (
    area_code, area_level, name, parent_code, bps_code, village_kind, valid_from,
    valid_to
)
select
    staged.area_code,
    staged.area_level,
    staged.name,
    staged.parent_code,
    staged.bps_code,
    staged.village_kind,
    staged.valid_from,
    staged.valid_to
from staged_areas as staged
left join core.areas as known on staged.area_code = known.area_code
where known.area_code is null;
