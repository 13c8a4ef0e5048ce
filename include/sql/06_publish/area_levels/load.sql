-- table:  area_levels (scratch)
-- grain:  area_code (province or regency), part_code (the area, and for the province
--         every regency)
-- inputs: area_scope
-- params: $province_code
-- re-run: pure
-- Money is summed by regency and province: a row of the province holds its own and that
-- of its regencies.
create table area_levels as
select
    area_code,
    area_code as part_code,
from area_scope
where area_level in ('province', 'regency')
union all
select
    $province_code as area_code,
    area_code as part_code,
from area_scope
where area_level = 'regency';
