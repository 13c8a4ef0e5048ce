-- table:  area_scope (scratch)
-- grain:  area_code
-- inputs: areas (core reference)
-- params: $province_code
-- re-run: same areas, same rows; replaces nothing, lives in one session
-- Areas of the province with the codes above them.
create table area_scope as
select
    area_code,
    area_level,
    case when length(area_code) >= 5 then left(area_code, 5) end as regency_code,
    case when length(area_code) >= 8 then left(area_code, 8) end as district_code,
    village_kind,
from areas
where left(area_code, 2) = $province_code;
