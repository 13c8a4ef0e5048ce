-- table:   slot: session table
-- grain:   one row, the file
-- inputs:  none
-- params:  $area_code, $province_code: dotted codes; $month_start, $month_end: first and
--          last day of the coverage month
-- re-run:  replaced whole
create or replace temp table slot as
select
    $area_code::varchar as area_code,
    $province_code::varchar as province_code,
    $month_start::date as month_start,
    $month_end::date as month_end;
