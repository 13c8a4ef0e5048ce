-- macros: days and months
-- inputs: macros_text.sql
-- params: none
-- re-run: replaces all

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
    when
        regexp_full_match(joined, '(19|20)[0-9]{6}')
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
    when
        regexp_full_match(value, '[0-9]{3,5}([.][0-9]+)?')
        and try_cast(value as double) between 367 and 73415
        then date '1899-12-30' + floor(try_cast(value as double))::integer
    when regexp_full_match(value, '[0-9]{7,8}')
        then
            date_from_joined(
                lpad(value, 8, '0'), ['', '', ''], date '2000-01-01', false
            )
end;

-- ``joined`` is ``date_joined(value)`` and ``parts`` its pieces: read once by the caller,
-- as what a macro is given is written out wherever it is used.
create or replace macro date_value(value, joined, parts, kind, latest, is_birth) as
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
    else date_from_joined(joined, parts, latest, is_birth)
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

create or replace macro month_value(value, joined, parts, kind, latest) as
case
    when value is null then null
    when regexp_full_match(value, '20[0-9]{2}-[01][0-9]')
        then try_cast(value || '-01' as date)
    else
        date_trunc(
            'month',
            coalesce(
                month_from_joined(joined, parts),
                date_value(value, joined, parts, kind, latest, false)
            )
        )::date
end;
