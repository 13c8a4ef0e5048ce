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

months_read as (
    select
        cells_cleaned.*,
        month_value(cells_cleaned.month_text, cells_cleaned.kind, slot.month_end)
            as month_start,
    from cells_cleaned
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
