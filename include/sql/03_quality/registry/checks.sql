-- table:   kind_checks (temporary), for pekerja_rentan, non_asn, aparatur_desa, rt_rw
-- grain:   source_row (one per typed row)
-- inputs:  typed_rows
-- params:  $nik_prefixes digits a NIK issued in the area can start with
--          $month_end    last day of the coverage month
-- re-run:  replaced whole
--
-- Facts that need more than one column. Expectations judge them; nothing is decided here.
-- The NIK is PPKKCC DDMMYY SSSS, day + 40 for women (PP 37/2007 art. 37). It is never
-- changed when the birth date is corrected, so a difference is no defect of the row.
create or replace temp table kind_checks as
with nik_parts_read as (
    select
        source_row,
        nik,
        tanggal_lahir,
        jenis_kelamin,
        cast(substr(nik, 7, 2) as integer) as nik_day,
        cast(substr(nik, 9, 2) as integer) as nik_month,
        cast(substr(nik, 11, 2) as integer) as nik_year
    from typed_rows
),

dates_compared as (
    select
        *,
        coalesce(
            day(tanggal_lahir) <> if(nik_day > 40, nik_day - 40, nik_day)
            or month(tanggal_lahir) <> nik_month
            or year(tanggal_lahir) % 100 <> nik_year,
            false
        ) as has_other_date
    from nik_parts_read
),

family_card_numbers_suspected as (
    -- A family card number has the same shape, but its date is the day of issue: never
    -- + 40, in this century, and later than the birth of the person.
    select
        *,
        has_other_date
        and nik_day <= 31
        and 2000 + nik_year between 2006 and year($month_end)
        and 2000 + nik_year > year(tanggal_lahir) as is_possibly_nkk
    from dates_compared
)

select
    source_row,
    is_possibly_nkk,
    has_other_date and not is_possibly_nkk as is_birth_date_differing,
    coalesce((nik_day > 40) <> (jenis_kelamin = 'P'), false) as is_sex_differing,
    coalesce(
        not list_bool_or(
            list_transform(
                $nik_prefixes,
                lambda prefix: starts_with(nik, prefix)
            )
        ),
        false
    ) as is_nik_of_other_area,
    coalesce(day(tanggal_lahir) = 1 and month(tanggal_lahir) = 1, false)
        as is_birth_date_placeholder
from family_card_numbers_suspected;
