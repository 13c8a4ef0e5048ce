-- table:   dataset_checks (temporary)
-- grain:   source_row (one per typed row)
-- inputs:  typed_rows
-- params:  $death_benefits amounts JKM pays at once, rupiah
-- re-run:  replaced whole
create or replace temp table dataset_checks as
select
    source_row,
    coalesce(
        program = 'JKM'
        and not list_contains($death_benefits::decimal(18, 2)[], jumlah),
        false
    ) as is_amount_unusual,
    kpj is null and nik is null as is_person_missing
from typed_rows;
