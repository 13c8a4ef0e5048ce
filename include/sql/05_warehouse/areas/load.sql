-- table:   core.areas
-- grain:   one row per area code
-- inputs:  staged_areas (temporary: the shipped area reference)
-- params:  none
-- re-run:  same rows, same result; rows that do not change are not written
-- sqlfluff:dialect:postgres
delete from core.areas
where area_code not in (select staged.area_code from staged_areas as staged);

insert into core.areas as areas
select staged.*
from staged_areas as staged
left join core.areas as known on staged.area_code = known.area_code
where known is distinct from staged
on conflict (area_code) do update
set
    area_level = excluded.area_level,
    name = excluded.name,
    parent_code = excluded.parent_code,
    bps_code = excluded.bps_code,
    village_kind = excluded.village_kind,
    valid_from = excluded.valid_from,
    valid_to = excluded.valid_to;
