-- table:   listed_readings: session table
-- grain:   column_name, sent (one spelling of a listed value in one column)
-- inputs:  listed_cells, spellings
-- params:  none
-- re-run:  replaced whole
create or replace temp table listed_readings as
with cells_cleaned as (
    select
        *,
        text_clean(sent) as value_text,
    from listed_cells
),

values_read as (
    select
        cells_cleaned.*,
        case cells_cleaned.value_type
            when 'enum' then spellings.value
            when 'sex' then sex_value(cells_cleaned.value_text)
            when 'scheme' then scheme_value(cells_cleaned.value_text)
        end as value,
    from cells_cleaned
    left join spellings
        on
            cells_cleaned.column_name = spellings.column_name
            and spelling_key(cells_cleaned.value_text) = spellings.spelling
)

select
    column_name,
    sent,
    value_text is null as is_missing,
    value,
    case
        when value_text is null or value is not null then null
        when value_type = 'scheme' then 'SCHEME_UNKNOWN'
        else 'VALUE_UNKNOWN'
    end as defect,
from values_read;
