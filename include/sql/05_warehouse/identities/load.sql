-- table:   vault.identities, through fresh_identities (view of the partition to be)
-- grain:   one row per person and province
-- inputs:  fresh_identities (rows of the month), vault.identities (rows until now)
-- params:  province_code, coverage_month
-- re-run:  the partition of the province is replaced whole
--
-- The latest month in which a person appears says who it is, whatever the order in
-- which months are loaded: rows of a later month win, persons of other months stay.
-- sqlfluff:dialect:postgres
delete from fresh_identities as fresh
using vault.identities as known
where
    known.province_code = :province_code
    and known.person_id = fresh.person_id
    and known.last_seen_month > :coverage_month;

insert into fresh_identities (
    person_id, province_code, nik, kpj, name, birth_date, address, phone,
    last_seen_month
)
select
    known.person_id,
    known.province_code,
    known.nik,
    known.kpj,
    known.name,
    known.birth_date,
    known.address,
    known.phone,
    known.last_seen_month
from vault.identities as known
where
    known.province_code = :province_code
    and not exists (
        select fresh.person_id
        from fresh_identities as fresh
        where fresh.person_id = known.person_id
    );
