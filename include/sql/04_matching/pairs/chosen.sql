-- table:   chosen_pairs (temporary)
-- grain:   one row per pair of rows to compare
-- inputs:  left_keys, right_keys, key_sizes
-- params:  $cap: pairs of a blocking value at most; $is_dedupe: one file, each pair once
-- re-run:  replaces the table
create or replace temp table chosen_pairs as
select
    left_keys.row_no as left_row,
    right_keys.row_no as right_row,
    -- rules 1 to 3 look at the identity number
    max(left_keys.rule) > 3 as is_without_nik,
from left_keys
inner join key_sizes
    on
        left_keys.rule = key_sizes.rule
        and left_keys.value = key_sizes.value
inner join right_keys
    on
        left_keys.rule = right_keys.rule
        and left_keys.value = right_keys.value
where
    key_sizes.pair_count <= $cap
    and (not $is_dedupe or left_keys.row_no < right_keys.row_no)
group by left_keys.row_no, right_keys.row_no;
