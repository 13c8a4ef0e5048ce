-- table:   area_codes_read, scheme_verdict: session tables
-- grain:   area_codes_read: sent, kind, scheme_sent (a code with its declared scheme);
--          scheme_verdict: the file
-- inputs:  area_code_cells, areas, areas_not_in_force, bps_regencies, slot
-- params:  $takes_province: whether a two-digit province code is a value here
-- re-run:  replaced whole
--
-- Four digits without dots cannot be read without a scheme: 6402 is Kutai Kartanegara
-- for Kemendagri and Kutai Barat for BPS. Undeclared, the codes of the file decide
-- together: all the same in both schemes, or possible only as Kemendagri; otherwise the
-- file is refused. Codes neither scheme has are defects of their rows.
create or replace temp table area_codes_cleaned as
select
    sent,
    kind,
    scheme_sent,
    area_bare(text_clean(sent), kind) as code,
    text_clean(scheme_sent) as scheme,
from area_code_cells;

create or replace temp table scheme_verdict as
with undeclared_codes as (
    select distinct
        left(code, 2) || '.' || right(code, 2) as dotted,
        code
    from area_codes_cleaned
    where regexp_full_match(code, '[0-9]{4}') and scheme is null
),

meanings_compared as (
    select
        areas.area_code is not null as is_kemendagri,
        bps_regencies.bps_code is not null as is_bps,
        coalesce(areas.area_code = bps_regencies.area_code, false) as is_same,
        exists(
            select 1
            from bps_regencies as same_province
            where left(same_province.bps_code, 2) = left(undeclared_codes.code, 2)
        ) as is_comparable,
    from undeclared_codes
    left join areas on undeclared_codes.dotted = areas.area_code
    left join bps_regencies on undeclared_codes.code = bps_regencies.bps_code
),

evidence_counted as (
    select
        count(*) filter (where is_kemendagri and is_bps and not is_same) as conflicting,
        count(*) filter (where is_kemendagri and not is_bps and is_comparable)
            as only_kemendagri,
        count(*) filter (where is_bps and not is_kemendagri) as only_bps,
    from meanings_compared
)

select
    (conflicting > 0 and only_kemendagri = 0) or only_bps > 0 as is_undeclared,
    exists(
        select 1
        from area_codes_cleaned
        where scheme is not null and scheme_value(scheme) is null
    ) as is_unknown,
from evidence_counted;

create or replace temp table area_codes_read as
with codes_resolved as (
    select
        area_codes_cleaned.*,
        case
            when scheme_value(area_codes_cleaned.scheme) = 'bps'
                then
                    if(
                        regexp_full_match(area_codes_cleaned.code, '[0-9]{2}'),
                        (
                            select any_value(left(province_of.area_code, 2))
                            from bps_regencies as province_of
                            where
                                left(province_of.bps_code, 2) = area_codes_cleaned.code
                                and left(province_of.area_code, 2)
                                = area_codes_cleaned.code
                        ),
                        bps_regencies.area_code
                    )
            when regexp_full_match(area_codes_cleaned.code, '[0-9]{4}')
                then
                    left(area_codes_cleaned.code, 2)
                    || '.'
                    || right(area_codes_cleaned.code, 2)
            else area_codes_cleaned.code
        end as resolved,
    from area_codes_cleaned
    left join bps_regencies
        on area_codes_cleaned.code = bps_regencies.bps_code
)

select
    codes_resolved.sent,
    codes_resolved.kind,
    codes_resolved.scheme_sent,
    areas.area_code,
    case
        when codes_resolved.code is null then 'VALUE_MISSING'
        when areas.area_code is null and areas_not_in_force.successor_code is not null
            then 'AREA_CODE_RETIRED'
        when areas.area_code is null then 'AREA_CODE_UNKNOWN'
        when left(areas.area_code, 2) <> slot.province_code
            then 'AREA_CODE_OTHER_PROVINCE'
    end as defect,
from codes_resolved
cross join slot
left join areas
    on
        codes_resolved.resolved = areas.area_code
        and (
            areas.area_level = 'regency'
            or ($takes_province and areas.area_level = 'province')
        )
left join areas_not_in_force
    on
        codes_resolved.resolved = areas_not_in_force.area_code
        and areas_not_in_force.area_level in ('province', 'regency');
