-- table:   date_readings: session table
-- grain:   column_name, sent, kind (one spelling of a day in one column)
-- inputs:  date_cells, slot
-- params:  none
-- re-run:  replaced whole
--
-- Day first, always. A column in which more spellings can only be month first than can
-- only be day first was written month first: its doubtful days (07/05/1985) are not
-- guessed but marked DATE_AMBIGUOUS.
create or replace temp table date_readings as
with cells_cleaned as (
    select
        *,
        text_clean(sent) as day_text,
    from date_cells
),

cells_joined as (
    select
        *,
        date_joined(day_text) as joined,
    from cells_cleaned
),

cells_split as (
    select
        *,
        string_split(joined, '-') as parts,
    from cells_joined
),

days_read as (
    select
        cells_split.*,
        slot.month_end,
        date_value(
            cells_split.day_text,
            cells_split.joined,
            cells_split.parts,
            cells_split.kind,
            slot.month_end,
            cells_split.is_birth
        ) as day_read,
        date_order(cells_split.day_text, cells_split.kind) as part_order,
    from cells_split
    cross join slot
),

orders_decided as (
    select
        column_name,
        count(*) filter (where part_order = 'mdy')
        > count(*) filter (where part_order = 'dmy') as is_month_first,
    from days_read
    group by column_name
),

defects_found as (
    select
        days_read.*,
        case
            when days_read.day_text is null then null
            when days_read.day_read is null then 'DATE_INVALID'
            when orders_decided.is_month_first and days_read.part_order = 'both'
                then 'DATE_AMBIGUOUS'
            when days_read.is_birth and days_read.day_read > days_read.month_end
                then 'BIRTH_DATE_FUTURE'
        end as defect,
    from days_read
    inner join orders_decided using (column_name)
)

select
    column_name,
    sent,
    kind,
    day_text is null as is_missing,
    if(defect is null, day_read, null) as day,
    if(defect is null, date_sub('year', day_read, month_end), null)::smallint
        as age_years,
    defect,
from defects_found;
