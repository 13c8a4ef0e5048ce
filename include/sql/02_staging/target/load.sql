-- table:   typed_rows (view), written as typed.parquet of target
-- grain:   source_row (one per row of raw_rows)
-- inputs:  raw_rows, slot, profile, spellings, area_codes_read
-- params:  none (the slot is a table of one row)
-- re-run:  replaced whole
create or replace temp view typed_rows as
with cells_cleaned as (
    select
        source_row,
        row__defect,
        text_clean(kode_wilayah) as kode_wilayah,
        kode_wilayah__kind,
        text_clean(skema_kode) as skema_kode,
        text_clean(tahun) as tahun,
        tahun__kind,
        text_clean(segmen) as segmen,
        text_clean(satuan) as satuan,
        text_clean(nilai) as nilai,
        nilai__kind,
        text_clean(sumber) as sumber,
    from raw_rows
),

values_read as (
    select
        cells_cleaned.*,
        area_codes_read.area_code as kode_wilayah__value,
        area_codes_read.defect as kode_wilayah__found,
        scheme_value(cells_cleaned.skema_kode) as skema_kode__value,
        segmen_spellings.value as segmen__value,
        satuan_spellings.value as satuan__value,
        amount_bare(cells_cleaned.nilai) as nilai__bare,
        amount_value(
            amount_bare(cells_cleaned.nilai),
            cells_cleaned.nilai__kind,
            profile.nilai__notation
        ) as nilai__amount,
        slot.month_end,
    from cells_cleaned
    cross join slot
    cross join profile
    left join spellings as segmen_spellings
        on
            segmen_spellings.column_name = 'segmen'
            and spelling_key(cells_cleaned.segmen) = segmen_spellings.spelling
    left join spellings as satuan_spellings
        on
            satuan_spellings.column_name = 'satuan'
            and spelling_key(cells_cleaned.satuan) = satuan_spellings.spelling
    left join area_codes_read
        on
            area_bare(
                cells_cleaned.kode_wilayah, cells_cleaned.kode_wilayah__kind
            ) = area_codes_read.code
            and cells_cleaned.skema_kode is not distinct from area_codes_read.scheme
),

defects_found as (
    select
        *,
        if(kode_wilayah is null, 'VALUE_MISSING', kode_wilayah__found) as kode_wilayah__defect,
        given_defect(skema_kode, skema_kode__value, 'SCHEME_UNKNOWN', false) as skema_kode__defect,
        year_defect(tahun, true) as tahun__defect,
        given_defect(
            segmen, segmen__value, 'VALUE_UNKNOWN', true
        ) as segmen__defect,
        given_defect(
            satuan, satuan__value, 'VALUE_UNKNOWN', true
        ) as satuan__defect,
        number_defect(nilai, nilai__amount, false, true) as nilai__defect,
        if(sumber is null, 'VALUE_MISSING', null) as sumber__defect,
    from values_read
)

select
    source_row,
    row__defect,
    kode_wilayah__value as kode_wilayah,
    kode_wilayah__defect,
    skema_kode__value as skema_kode,
    skema_kode__defect,
    if(tahun__defect is null, as_int(tahun), null)::smallint as tahun,
    tahun__defect,
    segmen__value as segmen,
    segmen__defect,
    satuan__value as satuan,
    satuan__defect,
    if(nilai__defect is null, nilai__amount, null) as nilai,
    nilai__defect,
    sumber,
    sumber__defect,
from defects_found;
