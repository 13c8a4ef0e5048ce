-- table:   persons (temporary view) -> core.persons
-- grain:   one row per person of the month and province
-- inputs:  person_file (person_rows as scratch Parquet, in order of person_id), slice
-- params:  none
-- re-run:  replaces the view; the warehouse keeps the earliest first_seen_month
create or replace temp view persons as
select
    person_file.person_id,
    slice.province_code,
    slice.key_id,
    case when person_file.nik is null then 'kpj' else 'nik' end as identified_by,
    year(person_file.birth_date)::smallint as birth_year,
    person_file.sex,
    slice.coverage_month as first_seen_month,
from person_file
cross join slice;
