-- table:   identities (temporary view) -> vault.identities
-- grain:   one row per person of the month and province
-- inputs:  person_file (person_rows as scratch Parquet, in order of person_id), slice
-- params:  none
-- re-run:  replaces the view; the warehouse keeps what the latest month knows
create or replace temp view identities as
select
    person_file.person_id,
    slice.province_code,
    person_file.nik,
    person_file.kpj,
    person_file.name,
    person_file.birth_date,
    person_file.address,
    person_file.phone,
    slice.coverage_month as last_seen_month,
from person_file
cross join slice;
