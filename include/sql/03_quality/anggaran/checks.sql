-- table:   dataset_checks (temporary)
-- grain:   source_row (one per typed row)
-- inputs:  typed_rows
-- params:  month_start
-- re-run:  replaced whole
--
-- Money of a year far from the month reported is a slip of the pen (2062 for 2026): it
-- would be missing from its own year. Next year's budget and five past years may come.
create or replace temp table dataset_checks as
select
    source_row,
    tahun is not null
    and tahun not between year($month_start) - 5 and year($month_start) + 1
        as is_year_far,
from typed_rows;
