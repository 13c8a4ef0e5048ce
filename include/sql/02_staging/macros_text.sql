-- macros: how the text of a cell becomes a value, and what is wrong when it does not.
-- inputs: text cells of raw.parquet; session tables of 02_staging/areas
-- params: none
-- re-run: replaces all
--
-- Naming: <kind>_value gives the value or NULL, <kind>_defect the code of the defect or
-- NULL. Both take text that text_clean has passed, except where they say "as sent".

-- Text as people read it: NFC, no control or invisible characters, one space between
-- words, at most 500 characters; signs that only mean "nothing" are nothing.
create or replace macro text_folded(value) as
trim(
    regexp_replace(
        regexp_replace(nfc_normalize(value), '[\p{Cf}\x{FFFD}]', '', 'g'),
        '[\s\p{Z}\p{Cc}]+',
        ' ',
        'g'
    )
);

-- A list of more than five in `in (...)` would become a join and be computed for every
-- row, so long lists are patterns.
create or replace macro is_nothing(value) as
value = ''
or regexp_full_match(
    value, '[-–—.]{1,3}|#?N/A|NULL|NaN|#REF!|#VALUE!|#NAME[?]|#DIV/0!'
);

create or replace macro text_clean(value) as
case
    when value is null or value = '' then null
    when regexp_full_match(value, '[!-,/-~][!-~]*( [!-~]+)*') and length(value) < 500
        then if(length(value) < 8 and is_nothing(value), null, value)
    when is_nothing(text_folded(value)) then null
    else left(text_folded(value), 500)
end;

-- What a formula that failed leaves in its cell; no value, and not "nothing" either.
create or replace macro formula_error(value) as
regexp_extract(value, '^\s*(#(N/A|REF!|VALUE!|DIV/0!|NAME[?]|NUM!|NULL!))\s*$', 1);

create or replace macro as_int(value) as try_cast(value as integer);

-- Key under which spellings of a listed value are equal: small letters and digits.
create or replace macro spelling_key(value) as
coalesce(
    nullif(regexp_replace(lower(value), '[^a-z0-9]', '', 'g'), ''), lower(value)
);

create or replace macro name_defect(value) as
case
    when value is null then 'NAME_MISSING'
    when length(value) > 150 then 'NAME_INVALID'
    when regexp_full_match(value, '[A-Za-z][A-Za-z]+([ .,''A-Za-z]*)') then null
    when
        not regexp_matches(value, '\p{L}.*\p{L}')
        or regexp_matches(value, '([0-9].*){6}')
        then 'NAME_INVALID'
end;
