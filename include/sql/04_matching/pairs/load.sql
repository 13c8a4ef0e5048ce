-- tables:  left_keys, key_sizes (temporary)
-- grain:   left_keys: row and blocking value of the left side;
--          key_sizes: rule and value both sides have, with the pairs it would give
-- inputs:  keys
-- params:  $right_side: 1, or 0 when one file is searched for duplicates
--          $is_large: leave out the loosest rules (one part of a date, one village,
--          one sound, one word), whose values all go beyond the cap in large files
-- re-run:  replaces the tables
create or replace temp table left_keys as
select distinct
    rule,
    value,
    row_no,
from keys
where
    side = 0
    and value is not null
    and not ($is_large and rule in (11, 12, 13, 14, 20, 22, 27));

create or replace temp table right_keys as
select distinct
    keys.rule,
    keys.value,
    keys.row_no,
from keys
where
    keys.side = $right_side
    and exists (
        select 1
        from left_keys
        where
            left_keys.rule = keys.rule
            and left_keys.value = keys.value
    );

create or replace temp table key_sizes as
with left_sizes as (
    select
        rule,
        value,
        count(*) as row_count,
    from left_keys
    group by rule, value
),

right_sizes as (
    select
        rule,
        value,
        count(*) as row_count,
    from right_keys
    group by rule, value
)

select
    left_sizes.rule,
    left_sizes.value,
    left_sizes.row_count * right_sizes.row_count as pair_count,
from left_sizes
inner join right_sizes
    on
        left_sizes.rule = right_sizes.rule
        and left_sizes.value = right_sizes.value;
