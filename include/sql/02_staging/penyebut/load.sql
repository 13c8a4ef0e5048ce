-- table:   typed_rows (view), written as typed.parquet of penyebut
-- grain:   source_row (one per row of raw_rows, in its order)
-- inputs:  raw_rows, date_readings, amount_readings, listed_readings, area_codes_read
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
        segmen_read.value as segmen,
        segmen_read.defect as segmen__read,
        segmen_read.is_missing as segmen__is_missing,
        text_clean(raw_rows.definisi) as definisi__text,
        jumlah_orang_read.amount as jumlah_orang,
        jumlah_orang_read.defect as jumlah_orang__read,
        jumlah_orang_read.is_missing as jumlah_orang__is_missing,
        text_clean(raw_rows.sumber) as sumber__text,
        tanggal_acuan_read.day as tanggal_acuan,
        tanggal_acuan_read.defect as tanggal_acuan__read,
        tanggal_acuan_read.is_missing as tanggal_acuan__is_missing,
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
    left join amount_readings as jumlah_orang_read
        on
            jumlah_orang_read.column_name = 'jumlah_orang'
            and raw_rows.jumlah_orang = jumlah_orang_read.sent
            and raw_rows.jumlah_orang__kind = jumlah_orang_read.kind
    left join date_readings as tanggal_acuan_read
        on
            tanggal_acuan_read.column_name = 'tanggal_acuan'
            and raw_rows.tanggal_acuan = tanggal_acuan_read.sent
            and raw_rows.tanggal_acuan__kind = tanggal_acuan_read.kind
),

defects_found as (
    select *,
    from cells_cleaned
)

select
    source_row,
    row__defect,
    kode_wilayah,
    kode_wilayah__read as kode_wilayah__defect,
    skema_kode,
    skema_kode__read as skema_kode__defect,
    segmen,
    if(segmen__is_missing, 'VALUE_MISSING', segmen__read) as segmen__defect,
    definisi__text as definisi,
    if(definisi__text is null, 'VALUE_MISSING', null) as definisi__defect,
    jumlah_orang::bigint as jumlah_orang,
    if(jumlah_orang__is_missing, 'VALUE_MISSING', jumlah_orang__read)
        as jumlah_orang__defect,
    sumber__text as sumber,
    if(sumber__text is null, 'VALUE_MISSING', null) as sumber__defect,
    tanggal_acuan,
    if(tanggal_acuan__is_missing, 'VALUE_MISSING', tanggal_acuan__read)
        as tanggal_acuan__defect,
from defects_found;
