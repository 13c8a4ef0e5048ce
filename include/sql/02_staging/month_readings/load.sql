-- table:   month_readings: session table
-- grain:   column_name, sent, kind (one spelling of a month in one column)
-- inputs:  month_cells, slot
-- params:  none
-- re-run:  replaced whole
create or replace temp table month_readings as
with cells_cleaned as (
    select
        *,
        text_clean(sent) as month_text,
    from month_cells
),

cells_joined as (
    select
        *,
        date_joined(month_text) as joined,
    from cells_cleaned
),

cells_split as (
    select
        *,
        string_split(joined, '-') as parts,
    from cells_joined
),

months_read as (
    select
        cells_split.*,
        month_value(
            cells_split.month_text,
            cells_split.joined,
            cells_split.parts,
            cells_split.kind,
            slot.month_end
        ) as month_start,
    from cells_split
    cross join slot
)

select
    column_name,
    sent,
    kind,
    month_text is null as is_missing,
    month_start,
    if(month_text is not null and month_start is null, 'MONTH_INVALID', null) as defect,
from months_read;
