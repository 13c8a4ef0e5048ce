-- table:   core.area_links
-- grain:   one row per predecessor, successor and day
-- inputs:  staged_area_links (temporary: the shipped history of areas)
-- params:  none
-- re-run:  same rows, same result
-- sqlfluff:dialect:postgres
delete from core.area_links;

insert into core.area_links (
    predecessor_code, successor_code, kind, valid_from, predecessor_name, source,
    certainty, note
)
select
    staged.predecessor_code,
    staged.successor_code,
    staged.kind,
    staged.valid_from,
    staged.predecessor_name,
    staged.source,
    staged.certainty,
    staged.note
from staged_area_links as staged;
