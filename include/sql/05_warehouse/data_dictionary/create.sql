-- view: mart.data_dictionary
-- grain: one row per column of every table and view of the warehouse
-- inputs: pg_catalog (comments), ops.column_facts (sensitivity, unit)
-- re-run: replaced whole
create or replace view mart.data_dictionary as
with our_relations as (
    select
        relations.oid,
        schemas.nspname::text as schema_name,
        relations.relname::text as table_name,
        relations.relkind = 'v' as is_view,
        obj_description(relations.oid, 'pg_class') as table_comment
    from pg_catalog.pg_class as relations
    inner join pg_catalog.pg_namespace as schemas
        on relations.relnamespace = schemas.oid
    where
        schemas.nspname in ('ops', 'vault', 'core', 'mart')
        and relations.relkind in ('r', 'p', 'v')
        and not relations.relispartition
        and relations.relname <> 'alembic_version'
)

select
    relations.schema_name,
    relations.table_name,
    attributes.attname::text as column_name,
    attributes.attnum::integer as ordinal,
    relations.is_view,
    format_type(attributes.atttypid, attributes.atttypmod) as data_type,
    col_description(relations.oid, attributes.attnum) as description,
    facts.unit,
    coalesce(facts.sensitivity, 'public') as sensitivity,
    relations.table_comment as table_description,
    substring(relations.table_comment from '(Satu baris per [^.]*)') as grain
from our_relations as relations
inner join pg_catalog.pg_attribute as attributes
    on relations.oid = attributes.attrelid
left join ops.column_facts as facts
    on
        relations.schema_name = facts.schema_name
        and relations.table_name = facts.table_name
        and attributes.attname = facts.column_name
where
    attributes.attnum > 0
    and not attributes.attisdropped
