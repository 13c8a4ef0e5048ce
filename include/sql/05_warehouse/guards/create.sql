-- function: ops.refuse_change
-- purpose: released rows are never changed; a correction is a new release
-- re-run: replaced whole
-- sqlfluff:dialect:postgres
create or replace function ops.refuse_change() returns trigger
language plpgsql as $body$
begin
    raise exception '% is immutable: publish a new release instead', tg_table_name
        using errcode = 'restrict_violation';
end
$body$
