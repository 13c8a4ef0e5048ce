-- table:  areas, area_names, nik_prefixes, bps_regencies, areas_not_in_force (session)
-- grain:  one area; area and name key; NIK prefix; BPS code; code not in force
-- inputs: views area_rows, alias_rows, bps_rows, rows_not_in_force
-- params: $provinces  two-digit codes whose areas are wanted, NULL for all
-- re-run: replaces all
create or replace temp table areas as
select
    area_rows.area_code,
    area_rows.area_level,
    area_rows.name,
    area_rows.parent_code,
    area_rows.village_kind,
    current_bps.bps_code
from area_rows
left join bps_rows as current_bps
    on
        area_rows.area_code = current_bps.area_code
        and current_bps.is_current = 'ya'
where
    $provinces is null
    or list_contains($provinces, left(area_rows.area_code, 2))
order by area_rows.area_code;

create or replace temp table area_names as
with every_name as (
    select
        area_code,
        area_level,
        parent_code,
        village_kind,
        name
    from areas
    union all
    select
        areas.area_code,
        areas.area_level,
        areas.parent_code,
        areas.village_kind,
        alias_rows.alias as name
    from alias_rows
    inner join areas on alias_rows.area_code = areas.area_code
),

own_keys as (
    select
        area_code,
        parent_code,
        area_level,
        village_kind,
        area_name_key(name, area_level) as name_key
    from every_name
    union
    -- a name that itself begins with a kind word is also found when written whole
    select
        area_code,
        parent_code,
        area_level,
        village_kind,
        area_name_key(name, '') as name_key
    from every_name
    where area_level in ('district', 'village')
),

-- desa are called kampung in Berau, Kutai Barat, Mahakam Ulu and Papua: "Kampung X" is
-- X, unless a sibling really bears the name "Kampung X"
kampung_keys as (
    select
        area_code,
        parent_code,
        area_level,
        'kampung' || name_key as name_key
    from own_keys
    where
        village_kind in ('desa', 'desa_adat')
        and not starts_with(name_key, 'kampung')
)

select
    area_code,
    parent_code,
    area_level,
    name_key
from own_keys
union
select
    kampung_keys.area_code,
    kampung_keys.parent_code,
    kampung_keys.area_level,
    kampung_keys.name_key
from kampung_keys
anti join own_keys
    on
        kampung_keys.parent_code = own_keys.parent_code
        and kampung_keys.name_key = own_keys.name_key;

create or replace temp table nik_prefixes as
select replace(area_code, '.', '') as prefix
from area_rows
where area_level = 'district'
union
-- a NIK keeps its code for life: of areas that have ended, and of those to come
select replace(area_code, '.', '') as prefix
from rows_not_in_force
where area_level in ('regency', 'district')
union
-- in force in an old month, by a code whose districts are not known
select replace(regencies.area_code, '.', '') as prefix
from area_rows as regencies
anti join area_rows as districts
    on
        regencies.area_code = districts.parent_code
        and districts.area_level = 'district'
where regencies.area_level = 'regency';

create or replace temp table bps_regencies as
select
    bps_code,
    area_code
from bps_rows;

create or replace temp table areas_not_in_force as
select
    area_code,
    area_level,
    successor_code
from rows_not_in_force;
