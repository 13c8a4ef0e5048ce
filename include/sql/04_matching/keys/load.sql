-- table:   keys (temporary view)
-- grain:   one row per side, row of that side, blocking rule and value of the rule
-- inputs:  records, name_sounds, address_words
-- params:  none
-- re-run:  replaces the view
--
-- Two persons are compared when they share a value of at least one rule; which values
-- are too common for that is decided later. Codes are below 2^31, so two of them fit
-- one bigint. A sound is the rough sound of one token of the name, a word one telling
-- word of the address.
create or replace temp view keys as
with sound_records as (
    select
        name_sounds.sound,
        records.*,
    from name_sounds
    inner join records
        on
            name_sounds.side = records.side
            and name_sounds.row_no = records.row_no
),

word_records as (
    select
        address_words.word,
        records.*,
    from address_words
    inner join records
        on
            address_words.side = records.side
            and address_words.row_no = records.row_no
),

word_sounds as (
    select
        name_sounds.side,
        name_sounds.row_no,
        name_sounds.sound,
        address_words.word,
    from name_sounds
    inner join address_words
        on
            name_sounds.side = address_words.side
            and name_sounds.row_no = address_words.row_no
),

sound_pairs as (
    select
        a.side,
        a.row_no,
        a.sound * 4294967296 + b.sound as sound_pair,
    from name_sounds as a
    inner join name_sounds as b
        on
            a.side = b.side
            and a.row_no = b.row_no
            and a.sound < b.sound
)

-- nik
select
    side,
    row_no,
    1 as rule,
    nik as value,
from records
union all
-- nik_head
select
    side,
    row_no,
    2 as rule,
    nik_head as value,
from records
union all
-- nik_tail
select
    side,
    row_no,
    3 as rule,
    nik_tail as value,
from records
union all
-- kpj
select
    side,
    row_no,
    4 as rule,
    kpj as value,
from records
union all
-- phone
select
    side,
    row_no,
    5 as rule,
    phone as value,
from records
union all
-- address
select
    side,
    row_no,
    6 as rule,
    address as value,
from records
union all
-- name_key
select
    side,
    row_no,
    7 as rule,
    name_key as value,
from records
union all
-- born
select
    side,
    row_no,
    8 as rule,
    birth_year * 10000 + birth_month * 100 + birth_day as value,
from records
union all
-- name and year
select
    side,
    row_no,
    9 as rule,
    name_key * 10000 + birth_year as value,
from records
union all
-- born and village
select
    side,
    row_no,
    10 as rule,
    (birth_year * 10000 + birth_month * 100 + birth_day) * 4294967296
    + village as value,
from records
union all
-- month and day
select
    side,
    row_no,
    11 as rule,
    birth_month * 100 + birth_day as value,
from records
union all
-- year and month
select
    side,
    row_no,
    12 as rule,
    birth_year * 100 + birth_month as value,
from records
union all
-- year and day
select
    side,
    row_no,
    13 as rule,
    birth_year * 100 + birth_day as value,
from records
union all
-- village
select
    side,
    row_no,
    14 as rule,
    village as value,
from records
union all
-- sound and born
select
    side,
    row_no,
    15 as rule,
    sound * 100000000
    + birth_year * 10000 + birth_month * 100 + birth_day as value,
from sound_records
union all
-- sound, year, month
select
    side,
    row_no,
    16 as rule,
    sound * 1000000 + birth_year * 100 + birth_month as value,
from sound_records
union all
-- sound, month, day
select
    side,
    row_no,
    17 as rule,
    sound * 10000 + birth_month * 100 + birth_day as value,
from sound_records
union all
-- sound, year, day
select
    side,
    row_no,
    18 as rule,
    sound * 1000000 + birth_year * 100 + birth_day as value,
from sound_records
union all
-- sound and born, day and month in either order
select
    side,
    row_no,
    19 as rule,
    sound * 100000000 + birth_year * 10000
    + least(birth_month, birth_day) * 100
    + greatest(birth_month, birth_day) as value,
from sound_records
where
    birth_month <= 12
    and birth_day <= 12
union all
-- sound and year
select
    side,
    row_no,
    20 as rule,
    sound * 10000 + birth_year as value,
from sound_records
union all
-- sound and village
select
    side,
    row_no,
    21 as rule,
    sound * 4294967296 + village as value,
from sound_records
union all
-- sound
select
    side,
    row_no,
    22 as rule,
    sound as value,
from sound_records
union all
-- two sounds
select
    side,
    row_no,
    23 as rule,
    sound_pair as value,
from sound_pairs
union all
-- word and sound
select
    side,
    row_no,
    24 as rule,
    sound * 4294967296 + word as value,
from word_sounds
union all
-- word, year, month
select
    side,
    row_no,
    25 as rule,
    (birth_year * 100 + birth_month) * 4294967296 + word as value,
from word_records
union all
-- word and village
select
    side,
    row_no,
    26 as rule,
    village * 4294967296 + word as value,
from word_records
union all
-- word
select
    side,
    row_no,
    27 as rule,
    word as value,
from word_records;
