-- table:   amount_forms, amount_notations, amount_readings: session tables
-- grain:   column_name, sent, kind (one spelling of an amount in one column); of
--          amount_notations: column_name
-- inputs:  amount_cells
-- params:  none
-- re-run:  replaced whole
--
-- One notation per column, never guessed row by row: 'id' 1.234.567,89 or 'us'
-- 1,234,567.89, by the spellings that allow only one. 16.800 with no other evidence has
-- Indonesian thousands. Where spellings contradict each other ('mixed') those that allow
-- only one reading are still read, the doubtful ones are not. Numeric cells are exact. A
-- formula that failed (#REF!) is an amount that was meant and cannot be read.
create or replace temp table amount_forms as
with cells_cleaned as (
    select
        *,
        coalesce(nullif(formula_error(sent), ''), text_clean(sent)) as amount_text,
    from amount_cells
),

cells_bared as (
    select
        *,
        amount_bare(amount_text) as bare,
    from cells_cleaned
)

select
    *,
    amount_form(bare) as form,
from cells_bared;

create or replace temp table amount_notations as
with forms_found as (
    select
        column_name,
        if(kind = 't', form, null) as form,
    from amount_forms
),

forms_counted as (
    select
        column_name,
        count(*) filter (where form = 'id') as id_count,
        count(*) filter (where form = 'us') as us_count,
        count(*) filter (where form = 'dot') as dot_count,
        count(*) filter (where form = 'comma') as comma_count,
    from forms_found
    group by column_name
)

select
    column_name,
    case
        when id_count > 0 and us_count > 0 then 'mixed'
        when id_count > 0 then 'id'
        when us_count > 0 then 'us'
        when dot_count > 0 and comma_count > 0 then 'mixed'
        when dot_count > 0 then 'id'
        when comma_count > 0 then 'us'
        else 'plain'
    end as notation,
from forms_counted;

create or replace temp table amount_readings as
with amounts_read as (
    select
        amount_forms.*,
        amount_value(
            amount_forms.bare,
            amount_forms.form,
            amount_forms.kind,
            amount_notations.notation
        ) as amount_read,
    from amount_forms
    inner join amount_notations using (column_name)
),

defects_found as (
    select
        *,
        case
            when amount_text is null then null
            when amount_type = 'rupiah'
                then rupiah_defect(amount_text, bare, form, kind, amount_read)
            else number_defect(amount_read, amount_type = 'count')
        end as defect,
    from amounts_read
)

select
    column_name,
    sent,
    kind,
    amount_text is null as is_missing,
    if(defect is null, amount_read, null) as amount,
    defect,
from defects_found;
