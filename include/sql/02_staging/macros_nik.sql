-- macros: identity numbers
-- inputs: macros_text.sql
-- params: none
-- re-run: replaces all
--
-- Sixteen digits, PPKKCC DDMMYY SSSS, day + 40 for women, serial from 0001
-- (PP 37/2007 art. 37). Marks around and between the digits are taken off; nothing is
-- guessed. A number is exact up to 2^53; Excel keeps fifteen digits and writes 0 after.
create or replace macro nik_tail(value) as
regexp_full_match(value, '[0-9]{16}[.,]0+');

-- As sent: only the digits and whatever is neither digit nor a mark we take off.
create or replace macro nik_bare(value) as
case
    when regexp_full_match(value, '[0-9]{16}') then value
    when nik_tail(trim(value)) then left(trim(value), 16)
    else regexp_replace(value, '[\s\p{Z}\p{Cf}\p{Cc}\p{Pd}.''"`´‘’“”_/]+', '', 'g')
end;

create or replace macro month_length(two_digit_month, two_digit_year) as
case
    when two_digit_month in ('04', '06', '09', '11') then 30
    when two_digit_month = '02' and as_int(two_digit_year) % 4 = 0 then 29
    when two_digit_month = '02' then 28
    else 31
end;

create or replace macro nik_has_day(digits) as
case
    when substr(digits, 9, 2) not between '01' and '12' then false
    when substr(digits, 7, 1) >= '4'
        then
            (as_int(substr(digits, 7, 2)) - 40) between 1
            and month_length(substr(digits, 9, 2), substr(digits, 11, 2))
    else
        as_int(substr(digits, 7, 2)) between 1
        and month_length(substr(digits, 9, 2), substr(digits, 11, 2))
end;

create or replace macro nik_digits_defect(digits, is_area_known) as
case
    when
        digits = repeat(left(digits, 1), 16)
        or digits in ('1234567890123456', '0123456789012345', '1234567890987654')
        or starts_with(digits, '000000')
        then 'NIK_DUMMY'
    when right(digits, 4) = '0000' then 'NIK_SERIAL_ZERO'
    when not nik_has_day(digits) then 'NIK_DATE_INVALID'
    when not is_area_known then 'NIK_AREA_UNKNOWN'
end;

-- As sent, with its kind of cell and what nik_bare makes of it.
create or replace macro nik_defect(value, kind, bare, is_area_known) as
case
    when kind = 't' and regexp_full_match(value, '[0-9]{16}')
        then nik_digits_defect(value, is_area_known)
    when coalesce(bare, '') = '' then 'NIK_MISSING'
    when
        kind = 'd'
        or regexp_full_match(
            trim(value), '\d{4}-\d\d?-\d\d?([ T][\d:.]+)?|\d\d?[/-]\d\d?[/-]\d{4}'
        )
        then 'NIK_DATE_CELL'
    when regexp_full_match(trim(value), '[''"]?\d+([.,]\d+)?[eE][+]?\d{1,2}')
        then 'NIK_SCIENTIFIC'
    when not regexp_matches(bare, '[0-9]') then 'NIK_MISSING'
    when not regexp_full_match(bare, '[0-9]+') then 'NIK_LETTERS'
    when length(bare) <> 16 then 'NIK_LENGTH'
    when kind = 'n' and right(bare, 1) = '0' then 'NIK_PRECISION_LOSS'
    when
        (kind = 'n' or nik_tail(trim(value)))
        and try_cast(bare as bigint) > 9007199254740992
        then 'NIK_FLOAT_INEXACT'
    else nik_digits_defect(bare, is_area_known)
end;

create or replace macro nik_note(value, kind, bare) as
case
    when kind = 'n' or nik_tail(trim(value)) then 'NIK_FLOAT_TAIL'
    when trim(value) <> bare then 'NIK_REPAIRED'
end;
