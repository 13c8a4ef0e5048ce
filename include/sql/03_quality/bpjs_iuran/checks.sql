-- table:   dataset_checks (temporary)
-- grain:   source_row (one per typed row)
-- inputs:  typed_rows
-- params:  none
-- re-run:  replaced whole
--
-- Amounts that could not be read are reported as such and not as empty. A stated sum may
-- differ from its parts by a rupiah, for rounding.
create or replace temp table dataset_checks as
with amounts_added as (
    select
        *,
        coalesce(jkk_rupiah, 0)
        + coalesce(jkm_rupiah, 0)
        + coalesce(jht_rupiah, 0)
        + coalesce(jp_rupiah, 0)
        + coalesce(jkp_rupiah, 0) as paid_rupiah,
        coalesce(
            jkk_rupiah__defect,
            jkm_rupiah__defect,
            jht_rupiah__defect,
            jp_rupiah__defect,
            jkp_rupiah__defect,
            total_rupiah__defect
        ) is null as is_readable
    from typed_rows
)

select
    source_row,
    is_readable and paid_rupiah = 0 as is_nothing_paid,
    is_readable and coalesce(
        abs(total_rupiah - paid_rupiah) > 1
        or abs(jht_rupiah - jht_pemberi_kerja_rupiah - jht_tenaga_kerja_rupiah) > 1
        or abs(jp_rupiah - jp_pemberi_kerja_rupiah - jp_tenaga_kerja_rupiah) > 1
        or abs(jkp_rupiah - jkp_pemberi_kerja_rupiah - jkp_pemerintah_rupiah) > 1,
        false
    ) as is_total_differing
from amounts_added;
