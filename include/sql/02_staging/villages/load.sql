-- table:   villages_read: session table
-- grain:   code_sent, name_sent, district_sent (one spelling of a village)
-- inputs:  village_cells, areas, area_names, areas_not_in_force, slot
-- params:  none
-- re-run:  replaced whole
--
-- A code decides alone. Without one, village and district names decide together, first
-- in the sender's area, else in its province; names repeat inside one regency, so a
-- village without district is taken only when there is no other of that name.
create or replace temp table villages_read as
with cells_numbered as (
    select
        *,
        row_number() over (order by code_sent, name_sent, district_sent) as cell_id,
        text_clean(code_sent) as kode_desa,
        text_clean(name_sent) as desa,
        text_clean(district_sent) as kecamatan,
    from village_cells
),

village_names as (
    select
        area_names.area_code,
        area_names.name_key,
        area_names.parent_code,
        starts_with(area_names.area_code, slot.area_code) as is_own,
    from area_names
    cross join slot
    where
        area_names.area_level = 'village'
        and starts_with(area_names.area_code, slot.province_code)
),

district_names as (
    select
        area_names.area_code,
        area_names.name_key
    from area_names
    cross join slot
    where
        area_names.area_level = 'district'
        and starts_with(area_names.area_code, slot.province_code)
),

villages_found_by_name as (
    select distinct
        cells_numbered.cell_id,
        village_names.area_code,
        village_names.is_own,
    from cells_numbered
    inner join village_names
        on
            village_names.name_key in (
                area_name_key(cells_numbered.desa, 'village'),
                area_name_key(cells_numbered.desa, '')
            )
    left join district_names
        on
            village_names.parent_code = district_names.area_code
            and district_names.name_key
            = area_name_key(cells_numbered.kecamatan, 'district')
    where
        cells_numbered.kode_desa is null
        and (cells_numbered.kecamatan is null or district_names.area_code is not null)
),

names_counted as (
    select
        cell_id,
        count(*) filter (where is_own) as own_count,
        count(*) filter (where not is_own) as other_count,
        min(area_code) filter (where is_own) as own_code,
        min(area_code) filter (where not is_own) as other_code,
    from villages_found_by_name
    group by cell_id
),

codes_found as (
    select
        cells_numbered.*,
        areas.area_code,
        exists(
            select 1
            from areas_not_in_force
            where
                areas_not_in_force.successor_code is not null
                and areas_not_in_force.area_code in (
                    left(village_dotted(cells_numbered.kode_desa), 5),
                    left(village_dotted(cells_numbered.kode_desa), 8)
                )
        ) as is_retired,
    from cells_numbered
    left join areas
        on
            village_dotted(cells_numbered.kode_desa) = areas.area_code
            and areas.area_level = 'village'
)

select
    codes_found.code_sent,
    codes_found.name_sent,
    codes_found.district_sent,
    codes_found.kode_desa is null and codes_found.desa is null as is_missing,
    case
        when codes_found.kode_desa is not null then codes_found.area_code
        when names_counted.own_count = 1 then names_counted.own_code
        when
            names_counted.own_count = 0 and codes_found.kecamatan is not null
            and names_counted.other_count = 1
            then names_counted.other_code
    end as village_code,
    case
        when codes_found.kode_desa is null and codes_found.desa is null then null
        when
            codes_found.kode_desa is not null
            and codes_found.area_code is null
            and codes_found.is_retired
            then 'VILLAGE_RETIRED'
        when codes_found.kode_desa is not null and codes_found.area_code is null
            then 'VILLAGE_UNKNOWN'
        when codes_found.kode_desa is not null
            then
                if(
                    starts_with(codes_found.area_code, slot.area_code),
                    null,
                    'VILLAGE_OTHER_AREA'
                )
        when names_counted.own_count = 1 then null
        when names_counted.own_count > 1 then 'VILLAGE_AMBIGUOUS'
        when names_counted.other_count > 0 and codes_found.kecamatan is not null
            then 'VILLAGE_OTHER_AREA'
        else 'VILLAGE_UNKNOWN'
    end as defect,
from codes_found
cross join slot
left join names_counted using (cell_id);
