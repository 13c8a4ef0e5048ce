-- table:   spellings: session table
-- grain:   one spelling of a listed value of a column
-- inputs:  none
-- params:  $columns, $spellings, $meanings: lists of equal length from the contract
-- re-run:  replaced whole
create or replace temp table spellings as
select
    unnest($columns::varchar[]) as column_name,
    unnest($spellings::varchar[]) as spelling,
    unnest($meanings::varchar[]) as value;
