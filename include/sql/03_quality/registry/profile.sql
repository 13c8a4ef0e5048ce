-- table:   (a result of one row), for pekerja_rentan, non_asn, aparatur_desa, rt_rw
-- grain:   one row per submission
-- inputs:  checked_rows, quarantined_rows
-- params:  none
-- re-run:  a query, writes nothing
--
-- Shares of the file as a whole, in per cent of the typed rows; 0 for no rows. A share of
-- birth dates says nothing below fifty of them.
select
    count(*) as row_count,
    count(*) filter (where source_row in (from quarantined_rows)) as quarantined_count,
    count(*) filter (where is_birth_date_placeholder) as placeholder_count,
    count(*) filter (where tanggal_lahir__reading = 'ok') as birth_date_count,
    round(coalesce(100.0 * quarantined_count / nullif(row_count, 0), 0), 1)
        as quarantined_pct,
    if(
        birth_date_count < 50, 0, round(100.0 * placeholder_count / birth_date_count, 1)
    ) as placeholder_pct
from checked_rows;
