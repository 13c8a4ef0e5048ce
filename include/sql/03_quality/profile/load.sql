-- table:   (a result of one row), for datasets without a profile of their own
-- grain:   one row per submission
-- inputs:  typed_rows, quarantined_rows
-- params:  none
-- re-run:  a query, writes nothing
--
-- Shares of the file as a whole, in per cent of the typed rows; 0 for no rows.
-- ``unusable_count``: all rows of the file where none can be used, else 0.
select
    count(*) as row_count,
    count(*) filter (where source_row in (from quarantined_rows)) as quarantined_count,
    if(
        count(*) filter (where source_row not in (from quarantined_rows)) = 0,
        (select count(*) from quarantined_rows),
        0
    ) as unusable_count,
    round(coalesce(100.0 * quarantined_count / nullif(row_count, 0), 0), 1)
        as quarantined_pct
from typed_rows;
