-- table:   accepted, quarantined (temporary views, written as Parquet)
-- grain:   source_row
-- inputs:  typed_rows, findings, quarantined_rows
-- params:  none
-- re-run:  replaced whole
--
-- A row that staging could not type at all (ragged) has its number and codes only.
create or replace temp view accepted as
from typed_rows
where source_row not in (from quarantined_rows);

create or replace temp view quarantined as
with codes_collected as (
    select
        source_row,
        list_sort(list(distinct code)) as codes
    from findings
    where grade = 'record' and severity = 'critical' and source_row is not null
    group by source_row
)

select
    codes_collected.source_row,
    typed_rows.* exclude (source_row),
    codes_collected.codes
from codes_collected
left join typed_rows on codes_collected.source_row = typed_rows.source_row
order by codes_collected.source_row;
