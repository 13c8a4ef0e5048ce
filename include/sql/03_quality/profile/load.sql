-- table:   (a result of one row), for datasets without a profile of their own
-- grain:   one row per submission
-- inputs:  typed_rows, quarantined_rows
-- params:  none
-- re-run:  a query, writes nothing
--
-- Shares of the file as a whole, in per cent of the typed rows; 0 for no rows.
select
    count(*) as row_count,
    count(*) filter (where source_row in (from quarantined_rows)) as quarantined_count,
    round(coalesce(100.0 * quarantined_count / nullif(row_count, 0), 0), 1)
        as quarantined_pct
from typed_rows;
