-- table:   dataset_checks (temporary)
-- grain:   source_row (one per typed row)
-- inputs:  typed_rows
-- params:  none
-- re-run:  replaced whole
--
-- Sakernas of February and of August are two series: they are never one definition. A
-- definition that names a month holds figures of that month; one that names Sakernas
-- without a month holds figures of one of them.
create or replace macro survey_month_named(definition) as
case
    when regexp_matches(lower(definition), 'agustus|agt|ags') then 8
    when regexp_matches(lower(definition), '[fp]ebruari|feb') then 2
end;

create or replace macro names_sakernas(definition) as
regexp_matches(lower(definition), 'sakernas');

create or replace temp table dataset_checks as
with months_named as (
    select
        source_row,
        definisi,
        month(tanggal_acuan) as survey_month,
        survey_month_named(definisi) as named_month,
        names_sakernas(definisi) as is_sakernas
    from typed_rows
),

definitions_of_two_months as (
    select definisi
    from months_named
    where is_sakernas and named_month is null and survey_month in (2, 8)
    group by definisi
    having count(distinct survey_month) > 1
)

select
    source_row,
    coalesce(named_month <> survey_month, false)
    or coalesce(
        survey_month in (2, 8)
        and definisi in (select definisi from definitions_of_two_months),
        false
    ) as is_survey_month_mixed
from months_named;
