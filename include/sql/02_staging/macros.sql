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
    or regexp_full_match(value, '[-–—.]{1,3}|#?N/A|NULL|NaN|#REF!|#VALUE!|#NAME[?]|#DIV/0!');

create or replace macro text_clean(value) as
    case
        when value is null or value = '' then null
        when regexp_full_match(value, '[!-,/-~][!-~]*( [!-~]+)*') and length(value) < 500
            then if(is_nothing(value), null, value)
        when is_nothing(text_folded(value)) then null
        else left(text_folded(value), 500)
    end;

create or replace macro as_int(value) as try_cast(value as integer);

-- Key under which spellings of a listed value are equal: small letters and digits.
create or replace macro spelling_key(value) as
    coalesce(
        nullif(regexp_replace(lower(value), '[^a-z0-9]', '', 'g'), ''), lower(value)
    );

-- ---------------------------------------------------------------------------- NIK
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

-- ---------------------------------------------------------------------------- names
create or replace macro name_defect(value) as
    case
        when value is null then 'NAME_MISSING'
        when
            not regexp_matches(value, '\p{L}.*\p{L}')
            or regexp_matches(value, '([0-9].*){6}')
            then 'NAME_INVALID'
    end;

-- ---------------------------------------------------------------------------- dates
-- Numbers of the months by their first letters, in Indonesian, old spelling, English.
create or replace macro month_number(word) as
    case
        when regexp_full_match(word, 'jan(uari|uary)?') then 1
        when regexp_full_match(word, '[fp]eb(ruari|ruary|r)?') then 2
        when regexp_full_match(word, 'mar(et|ch|t)?|mrt') then 3
        when regexp_full_match(word, 'apr(il)?') then 4
        when word in ('mei', 'may') then 5
        when regexp_full_match(word, 'jun[ie]?') then 6
        when regexp_full_match(word, 'jul[iy]?') then 7
        when regexp_full_match(word, 'ag(ustus|ust|us|s|t|st)|aug(ust)?') then 8
        when regexp_full_match(word, 'sep(tember|t)?') then 9
        when regexp_full_match(word, 'o[kc]t(ober)?') then 10
        when regexp_full_match(word, 'no[pv](ember)?') then 11
        when regexp_full_match(word, 'de[sc](ember)?') then 12
    end;

-- Date text with its parts joined by "-", day names and times cut off.
create or replace macro date_joined(value) as
    regexp_replace(
        regexp_replace(
            trim(
                regexp_replace(
                    regexp_replace(
                        regexp_replace(
                            lower(value),
                            '^(senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad)\b',
                            ''
                        ),
                        '([ t])[0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2})?([.,][0-9]+)?'
                        || ' *(wita|wib|wit|z|am|pm)?$',
                        ''
                    ),
                    '[^a-z0-9]+',
                    '-',
                    'g'
                ),
                '-'
            ),
            '([0-9])([a-z])',
            '\1-\2',
            'g'
        ),
        '([a-z])([0-9])',
        '\1-\2',
        'g'
    );

-- Four-digit year of two digits. A person is not born after the latest day and is
-- younger than 100; other dates lie between 1970 and 2069.
create or replace macro full_year(two_digits, latest, is_birth) as
    case
        when is_birth
            then
                if(
                    2000 + as_int(two_digits) <= year(latest),
                    2000 + as_int(two_digits),
                    1900 + as_int(two_digits)
                )
        else if(as_int(two_digits) < 70, 2000, 1900) + as_int(two_digits)
    end;

create or replace macro date_from_parts(year_part, month_part, day_part) as
    if(
        year_part between 1900 and 2100,
        try_cast(year_part || '-' || month_part || '-' || day_part as date),
        null
    );

create or replace macro date_from_joined(joined, parts, latest, is_birth) as
    case
        when regexp_full_match(joined, '[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}')
            then date_from_parts(as_int(parts[3]), parts[2], parts[1])
        when regexp_full_match(joined, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}')
            then date_from_parts(as_int(parts[1]), parts[2], parts[3])
        when regexp_full_match(joined, '[0-9]{1,2}-[0-9]{1,2}-[0-9]{2}')
            then
                date_from_parts(full_year(parts[3], latest, is_birth), parts[2], parts[1])
        when regexp_full_match(joined, '[0-9]{1,2}-[a-z]+-[0-9]{4}')
            then date_from_parts(as_int(parts[3]), month_number(parts[2]), parts[1])
        when regexp_full_match(joined, '[0-9]{1,2}-[a-z]+-[0-9]{2}')
            then
                date_from_parts(
                    full_year(parts[3], latest, is_birth),
                    month_number(parts[2]),
                    parts[1]
                )
        when regexp_full_match(joined, '[a-z]+-[0-9]{1,2}-[0-9]{4}')
            then date_from_parts(as_int(parts[3]), month_number(parts[1]), parts[2])
        when regexp_full_match(joined, '(19|20)[0-9]{6}')
            and substr(joined, 5, 2) between '01' and '12'
            then
                date_from_parts(
                    as_int(left(joined, 4)), substr(joined, 5, 2), right(joined, 2)
                )
        when regexp_full_match(joined, '[0-9]{8}')
            then
                date_from_parts(
                    as_int(right(joined, 4)), substr(joined, 3, 2), left(joined, 2)
                )
    end;

-- Day of a numeric cell: an Excel serial, or the eight digits of a date.
create or replace macro date_from_number(value) as
    case
        when regexp_full_match(value, '[0-9]{3,5}([.][0-9]+)?')
            and try_cast(value as double) between 367 and 73415
            then date '1899-12-30' + floor(try_cast(value as double))::integer
        when regexp_full_match(value, '[0-9]{7,8}')
            then date_from_joined(lpad(value, 8, '0'), ['', '', ''], date '2000-01-01', false)
    end;

create or replace macro date_value(value, kind, latest, is_birth) as
    case
        when value is null then null
        when
            kind = 't'
            and regexp_full_match(value, '[0-3][0-9][/-][01][0-9][/-](19|20)[0-9]{2}')
            then try_cast(
                substr(value, 7, 4) || '-' || substr(value, 4, 2) || '-' || left(value, 2)
                as date
            )
        when regexp_full_match(value, '(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}')
            then try_cast(value as date)
        when kind = 'n' then date_from_number(value)
        else
            date_from_joined(
                date_joined(value),
                string_split(date_joined(value), '-'),
                latest,
                is_birth
            )
    end;

-- Which order a date proves: 'dmy' when only the first part can be the day, 'mdy' when
-- only the second can, 'both' when either could be, NULL when the form says it.
create or replace macro date_order(value, kind) as
    case
        when kind <> 't' then null
        when
            not regexp_full_match(
                value, '[0-9]{1,2}[/. -][0-9]{1,2}[/. -]([0-9]{2}|[0-9]{4})'
            )
            then null
        when
            as_int(regexp_extract(value, '^([0-9]{1,2})', 1)) > 12
            and as_int(regexp_extract(value, '^[0-9]+[/. -]([0-9]{1,2})', 1)) <= 12
            then 'dmy'
        when
            as_int(regexp_extract(value, '^([0-9]{1,2})', 1)) <= 12
            and as_int(regexp_extract(value, '^[0-9]+[/. -]([0-9]{1,2})', 1)) > 12
            then 'mdy'
        when
            as_int(regexp_extract(value, '^([0-9]{1,2})', 1))
            <> as_int(regexp_extract(value, '^[0-9]+[/. -]([0-9]{1,2})', 1))
            then 'both'
    end;

-- --------------------------------------------------------------------------- months
create or replace macro month_from_joined(joined, parts) as
    case
        when regexp_full_match(joined, '(19|20)[0-9]{2}-[0-9]{1,2}')
            then date_from_parts(as_int(parts[1]), parts[2], '1')
        when regexp_full_match(joined, '[0-9]{1,2}-(19|20)[0-9]{2}')
            then date_from_parts(as_int(parts[2]), parts[1], '1')
        when regexp_full_match(joined, '[0-9]{1,2}-[0-9]{2}')
            then date_from_parts(2000 + as_int(parts[2]), parts[1], '1')
        when regexp_full_match(joined, '[a-z]+-(19|20)[0-9]{2}')
            then date_from_parts(as_int(parts[2]), month_number(parts[1]), '1')
        when regexp_full_match(joined, '[a-z]+-[0-9]{2}')
            then date_from_parts(2000 + as_int(parts[2]), month_number(parts[1]), '1')
        when regexp_full_match(joined, '(19|20)[0-9]{2}-[a-z]+')
            then date_from_parts(as_int(parts[1]), month_number(parts[2]), '1')
        when
            regexp_full_match(joined, '(19|20)[0-9]{4}')
            and right(joined, 2) between '01' and '12'
            then date_from_parts(as_int(left(joined, 4)), right(joined, 2), '1')
        when regexp_full_match(joined, '[01][0-9](19|20)[0-9]{2}')
            then date_from_parts(as_int(right(joined, 4)), left(joined, 2), '1')
    end;

create or replace macro month_value(value, kind, latest) as
    case
        when value is null then null
        when regexp_full_match(value, '20[0-9]{2}-[01][0-9]')
            then try_cast(value || '-01' as date)
        else
            date_trunc(
                'month',
                coalesce(
                    month_from_joined(
                        date_joined(value), string_split(date_joined(value), '-')
                    ),
                    date_value(value, kind, latest, false)
                )
            )::date
    end;

-- --------------------------------------------------------------------------- amounts
-- An amount without currency words, spaces and the ",-" at its end.
create or replace macro amount_bare(value) as
    if(
        regexp_full_match(value, '[0-9]+'),
        value,
        regexp_replace(
            regexp_replace(
                regexp_replace(lower(value), '[\s\p{Z}''"]|rp[.]?|idr', '', 'g'),
                '(/|per)?(bulan|bln|orang|org)$',
                ''
            ),
            '[.,]-*$|-+$',
            ''
        )
    );

-- What an amount proves about the notation of its column: 'id' 1.234.567,89;
-- 'us' 1,234,567.89; 'dot' 16.800 and 'comma' 16,800 may be either; NULL nothing.
create or replace macro amount_form(bare) as
    case
        when regexp_full_match(bare, '-?[0-9]+') then 'plain'
        when
            regexp_full_match(bare, '-?[0-9]{1,3}([.][0-9]{3}){2,}(,[0-9]+)?')
            or regexp_full_match(bare, '-?[0-9]{1,3}[.][0-9]{3},[0-9]+')
            or regexp_full_match(bare, '-?[0-9]+,[0-9]{1,2}')
            or regexp_full_match(bare, '-?[0-9]{4,},[0-9]+')
            then 'id'
        when
            regexp_full_match(bare, '-?[0-9]{1,3}(,[0-9]{3}){2,}([.][0-9]+)?')
            or regexp_full_match(bare, '-?[0-9]{1,3},[0-9]{3}[.][0-9]+')
            or regexp_full_match(bare, '-?[0-9]+[.][0-9]{1,2}')
            or regexp_full_match(bare, '-?[0-9]{4,}[.][0-9]+')
            then 'us'
        when regexp_full_match(bare, '-?[0-9]{1,3}[.][0-9]{3}') then 'dot'
        when regexp_full_match(bare, '-?[0-9]{1,3},[0-9]{3}') then 'comma'
    end;

-- notation: of the whole column, see amount_notations.
create or replace macro amount_value(bare, kind, notation) as
    case
        when bare is null then null
        when kind = 'n' or regexp_full_match(bare, '-?[0-9]+')
            then try_cast(bare as decimal(18, 4))
        when
            amount_form(bare) = 'id'
            or (amount_form(bare) = 'dot' and notation = 'id')
            then
                if(
                    notation = 'us',
                    null,
                    try_cast(replace(replace(bare, '.', ''), ',', '.') as decimal(18, 4))
                )
        when
            amount_form(bare) = 'us'
            or (amount_form(bare) = 'comma' and notation = 'us')
            then if(notation = 'id', null, try_cast(replace(bare, ',', '') as decimal(18, 4)))
    end;

create or replace macro rupiah_defect(value, bare, kind, amount) as
    case
        when value is null then null
        when amount < 0 or regexp_full_match(bare, '[(][0-9.,]+[)]')
            then 'RUPIAH_NEGATIVE'
        when amount is not null then null
        when kind = 'n' or amount_form(bare) is null then 'RUPIAH_INVALID'
        when amount_form(bare) = 'plain' then 'RUPIAH_INVALID'
        else 'RUPIAH_AMBIGUOUS'
    end;

-- ------------------------------------------------------------- short codes and flags
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

create or replace macro kpj_value(value) as
    if(
        regexp_full_match(value, '[0-9]{9,11}'),
        value,
        nullif(upper(regexp_replace(value, '[^A-Za-z0-9]', '', 'g')), '')
    );

create or replace macro kpj_defect(value, kpj) as
    case
        when kpj is null then 'KPJ_MISSING'
        when
            regexp_full_match(value, '[0-9]+([.,][0-9]+)?[eE][+][0-9]+')
            or not regexp_full_match(kpj, '[A-Z0-9]{9,11}')
            or not regexp_matches(kpj, '[0-9]{3}')
            or regexp_full_match(kpj, '0+')
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

-- ---------------------------------------------------------------------------- areas
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
                spelling_key(value), '(kode)?(kemendagri|depdagri|dagri|permendagri|kepmendagri|dukcapil)'
            )
            then 'kemendagri'
        when regexp_full_match(spelling_key(value), '(kode)?(bps|mfd|bpsmfd|mfdbps)')
            then 'bps'
    end;

-- ------------------------------------------------------------------ other defects
create or replace macro number_defect(amount, is_whole) as
    if(
        amount is null or amount < 0 or (is_whole and amount <> floor(amount)),
        'NUMBER_INVALID',
        null
    );

create or replace macro year_defect(value, is_required) as
    case
        when value is null then if(is_required, 'VALUE_MISSING', null)
        when not regexp_full_match(value, '20[0-9]{2}') then 'NUMBER_INVALID'
    end;

-- Village of a participant: optional. Village codes of BPS cannot be translated, so in a
-- file of that scheme the column is left out rather than judged.
create or replace macro bpjs_village_defect(value, village, regency, scheme) as
    case
        when value is null or scheme = 'bps' then null
        when village is null then 'VILLAGE_UNKNOWN'
        when left(village, 5) <> regency then 'VILLAGE_OTHER_AREA'
    end;
