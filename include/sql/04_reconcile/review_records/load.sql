-- table:   review_records (temporary view) -> vault.review_records
-- grain:   one row per pair of the review queue and side
-- inputs:  shown_pairs, slice
-- params:  none
-- re-run:  replaces the view; the slice (month, province) is replaced whole
--
-- Both sides as the files say them: the vault keeps one identity per pseudonym, which
-- would show one side twice where the NIK is equal.
create or replace temp view review_records as
with sides as (
    select
        pair_id,
        'daftar' as side,
        area_code,
        nik,
        null as kpj,
        name,
        birth_date,
        sex,
        village_code,
        address,
    from shown_pairs
    union all
    select
        pair_id,
        'bpjs' as side,
        other_area_code as area_code,
        other_nik as nik,
        other_kpj as kpj,
        other_name as name,
        other_birth_date as birth_date,
        other_sex as sex,
        other_village_code as village_code,
        null as address,
    from shown_pairs
)

select
    slice.coverage_month,
    slice.province_code,
    sides.*,
from sides
cross join slice;
