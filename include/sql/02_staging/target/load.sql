-- table:   typed_rows (view), written as typed.parquet of target
-- grain:   source_row (one per row of raw_rows, in its order)
-- inputs:  raw_rows, amount_readings, listed_readings, area_codes_read
-- params:  none
-- re-run:  replaced whole
create or replace temp view typed_rows as
with cells_cleaned as (
    select
        raw_rows.source_row,
        raw_rows.row__defect,
        kode_wilayah_read.area_code as kode_wilayah,
        kode_wilayah_read.defect as kode_wilayah__read,
        skema_kode_read.value as skema_kode,
        skema_kode_read.defect as skema_kode__read,
        text_clean(raw_rows.tahun) as tahun__text,
        segmen_read.value as segmen,
        segmen_read.defect as segmen__read,
        segmen_read.is_missing as segmen__is_missing,
        satuan_read.value as satuan,
        satuan_read.defect as satuan__read,
        satuan_read.is_missing as satuan__is_missing,
        nilai_read.amount as nilai,
        nilai_read.defect as nilai__read,
        nilai_read.is_missing as nilai__is_missing,
        text_clean(raw_rows.sumber) as sumber__text,
    from raw_rows
    left join area_codes_read as kode_wilayah_read
        on
            raw_rows.kode_wilayah = kode_wilayah_read.sent
            and raw_rows.kode_wilayah__kind = kode_wilayah_read.kind
            and raw_rows.skema_kode = kode_wilayah_read.scheme_sent
    left join listed_readings as skema_kode_read
        on
            skema_kode_read.column_name = 'skema_kode'
            and raw_rows.skema_kode = skema_kode_read.sent
    left join listed_readings as segmen_read
        on
            segmen_read.column_name = 'segmen'
            and raw_rows.segmen = segmen_read.sent
    left join listed_readings as satuan_read
        on
            satuan_read.column_name = 'satuan'
            and raw_rows.satuan = satuan_read.sent
    left join amount_readings as nilai_read
        on
            nilai_read.column_name = 'nilai'
            and raw_rows.nilai = nilai_read.sent
            and raw_rows.nilai__kind = nilai_read.kind
),

defects_found as (
    select
        cells_cleaned.*,
        year_defect(cells_cleaned.tahun__text, true) as tahun__defect,
    from cells_cleaned
)

select
    source_row,
    row__defect,
    kode_wilayah,
    kode_wilayah__read as kode_wilayah__defect,
    skema_kode,
    skema_kode__read as skema_kode__defect,
    if(tahun__defect is null, as_int(tahun__text), null)::smallint as tahun,
    tahun__defect,
    segmen,
    if(segmen__is_missing, 'VALUE_MISSING', segmen__read) as segmen__defect,
    satuan,
    if(satuan__is_missing, 'VALUE_MISSING', satuan__read) as satuan__defect,
    nilai,
    if(nilai__is_missing, 'VALUE_MISSING', nilai__read) as nilai__defect,
    sumber__text as sumber,
    if(sumber__text is null, 'VALUE_MISSING', null) as sumber__defect,
from defects_found;
