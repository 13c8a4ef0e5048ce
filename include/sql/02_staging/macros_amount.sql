-- macros: amounts, counts and years
-- inputs: macros_text.sql
-- params: none
-- re-run: replaces all

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

-- form: ``amount_form(bare)``. notation: of the whole column, see amount_notations. A
-- numeric cell is read to the fourth decimal: what lies beyond is residue of the
-- spreadsheet's own arithmetic.
create or replace macro amount_value(bare, form, kind, notation) as
case
    when bare is null then null
    when kind = 'n' or regexp_full_match(bare, '-?[0-9]+')
        then try_cast(bare as decimal(18, 4))
    when form = 'id' or (form = 'dot' and notation = 'id')
        then
            if(
                notation = 'us',
                null,
                try_cast(replace(replace(bare, '.', ''), ',', '.') as decimal(24, 10))
            )
    when form = 'us' or (form = 'comma' and notation = 'us')
        then
            if(
                notation = 'id',
                null,
                try_cast(replace(bare, ',', '') as decimal(24, 10))
            )
end;

-- Rupiah have two decimals (sen). A written amount with more is none we can be sure of;
-- a numeric cell with more is the result of a formula and is rounded to the sen.
create or replace macro rupiah_defect(value, bare, form, kind, amount) as
case
    when value is null then null
    when amount < 0 or regexp_full_match(bare, '[(][0-9.,]+[)]')
        then 'RUPIAH_NEGATIVE'
    when kind <> 'n' and amount <> round(amount, 2) then 'RUPIAH_INVALID'
    when amount is not null then null
    when kind = 'n' or form is null then 'RUPIAH_INVALID'
    when form = 'plain' then 'RUPIAH_INVALID'
    else 'RUPIAH_AMBIGUOUS'
end;

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
