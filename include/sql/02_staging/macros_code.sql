-- macros: short codes, flags, phones, area codes
-- inputs: macros_text.sql
-- params: none
-- re-run: replaces all

create or replace macro sex_value(value) as
case
    when value in ('L', 'P') then value
    when
        regexp_full_match(
            spelling_key(value),
            'l|lakilaki|laki|lk|lelaki|pria|m|male|1|laki2|cowok'
        )
        then 'L'
    when
        regexp_full_match(
            spelling_key(value),
            'p|perempuan|pr|wanita|w|f|female|2|prp|pere|cewek'
        )
        then 'P'
end;

-- As sent. Y (ya) or T (tidak), as the extract writes them, and what people write.
create or replace macro flag_value(value) as
case
    when value in ('Y', '1') then true
    when value in ('T', '0') then false
    when value = '' then null
    when
        regexp_full_match(
            spelling_key(text_clean(value)),
            'y|ya|yes|true|1|benar|ikut|ada|aktif|v|✓|√|✔'
        )
        then true
    when
        regexp_full_match(
            spelling_key(text_clean(value)),
            't|tidak|tdk|n|no|false|0|salah|tidakikut|tidakada|'
            || 'tidakaktif|nonaktif|x'
        )
        then false
end;

create or replace macro flag_defect(value) as
case
    when value in ('Y', '1', 'T', '0', '') then null
    when text_clean(value) is not null and flag_value(value) is null
        then 'FLAG_INVALID'
end;

-- As sent. Forms state a contribution instead of a flag: above zero means enrolled. Any
-- notation: an amount without a digit from 1 to 9 is zero. What is no amount stays.
create or replace macro flag_of_amount(value) as
case
    when not regexp_full_match(value, '\s*[0-9][0-9.,]*\s*') then value
    when regexp_matches(value, '[1-9]') then 'Y'
    else 'T'
end;

-- As sent. Digits and letters of a membership number (KPJ), 9 to 11 of them.
create or replace macro kpj_value(value) as
if(
    regexp_full_match(value, '[0-9]{9,11}'),
    value,
    nullif(upper(regexp_replace(text_clean(value), '[^A-Za-z0-9]', '', 'g')), '')
);

create or replace macro kpj_defect(value, kpj) as
case
    when kpj is null then 'KPJ_MISSING'
    when kpj = repeat('0', length(kpj)) then 'KPJ_INVALID'
    when regexp_full_match(value, '[0-9]{9,11}') then null
    when
        regexp_full_match(trim(value), '[0-9]+([.,][0-9]+)?[eE][+][0-9]+')
        or not regexp_full_match(kpj, '[A-Z0-9]{9,11}')
        or not regexp_matches(kpj, '[0-9]{3}')
        then 'KPJ_INVALID'
end;

create or replace macro phone_value(value) as
case
    when
        regexp_full_match(
            regexp_replace(value, '[^0-9]', '', 'g'), '(62|0)?8[0-9]{7,12}'
        )
        then
            '0' || regexp_replace(
                regexp_replace(value, '[^0-9]', '', 'g'), '^(62|0)', ''
            )
    when
        regexp_full_match(regexp_replace(value, '[^0-9]', '', 'g'), '0[2-9][0-9]{6,12}')
        then regexp_replace(value, '[^0-9]', '', 'g')
end;

-- Digits of a village code as dotted Kemendagri code; NULL when it has another form.
create or replace macro village_dotted(value) as
if(
    regexp_full_match(value, '[0-9]{2}[.][0-9]{2}[.][0-9]{2}[.][0-9]{4}'),
    value,
    if(
        regexp_full_match(regexp_replace(value, '[^0-9A-Za-z]', '', 'g'), '[0-9]{10}'),
        regexp_replace(
            regexp_replace(value, '[^0-9]', '', 'g'),
            '(..)(..)(..)(....)',
            '\1.\2.\3.\4'
        ),
        null
    )
);

-- A province or regency code, dotted or not. A numeric cell 62.1 was 62.10.
create or replace macro area_bare(value, kind) as
case
    when kind = 'n' and regexp_full_match(value, '[0-9]{2}[.][0-9]') then value || '0'
    else regexp_replace(value, '[\s\p{Z}''"]', '', 'g')
end;

create or replace macro scheme_value(value) as
case
    when
        regexp_full_match(
            spelling_key(value),
            '(kode)?(kemendagri|depdagri|dagri|permendagri|kepmendagri|dukcapil)'
        )
        then 'kemendagri'
    when regexp_full_match(spelling_key(value), '(kode)?(bps|mfd|bpsmfd|mfdbps)')
        then 'bps'
end;

-- Village of a participant: optional. Village codes of BPS cannot be translated, so in a
-- file of that scheme the column is left out rather than judged.
create or replace macro bpjs_village_defect(value, village, regency, scheme) as
case
    when value is null or scheme = 'bps' then null
    when village is null then 'VILLAGE_UNKNOWN'
    when left(village, 5) <> regency then 'VILLAGE_OTHER_AREA'
end;
