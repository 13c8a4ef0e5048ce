-- table:   typed_rows (view), written as typed.parquet of penyebut
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
        text_clean(segmen) as segmen,
        text_clean(definisi) as definisi,
        text_clean(jumlah_orang) as jumlah_orang,
        jumlah_orang__kind,
        text_clean(sumber) as sumber,
        text_clean(tanggal_acuan) as tanggal_acuan,
        tanggal_acuan__kind,
    from raw_rows
),

values_read as (
    select
        cells_cleaned.*,
        date_value(
            cells_cleaned.tanggal_acuan,
            cells_cleaned.tanggal_acuan__kind,
            slot.month_end,
            false
        ) as tanggal_acuan__day,
        profile.tanggal_acuan__is_month_first,
        area_codes_read.area_code as kode_wilayah__value,
        area_codes_read.defect as kode_wilayah__found,
        scheme_value(cells_cleaned.skema_kode) as skema_kode__value,
        segmen_spellings.value as segmen__value,
        amount_bare(cells_cleaned.jumlah_orang) as jumlah_orang__bare,
        amount_value(
            amount_bare(cells_cleaned.jumlah_orang),
            cells_cleaned.jumlah_orang__kind,
            profile.jumlah_orang__notation
        ) as jumlah_orang__amount,
        slot.month_end,
    from cells_cleaned
    cross join slot
    cross join profile
    left join spellings as segmen_spellings
        on
            segmen_spellings.column_name = 'segmen'
            and spelling_key(cells_cleaned.segmen) = segmen_spellings.spelling
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
        given_defect(
            segmen, segmen__value, 'VALUE_UNKNOWN', true
        ) as segmen__defect,
        if(definisi is null, 'VALUE_MISSING', null) as definisi__defect,
        number_defect(jumlah_orang, jumlah_orang__amount, true, true) as jumlah_orang__defect,
        if(sumber is null, 'VALUE_MISSING', null) as sumber__defect,
        if(
            tanggal_acuan is null,
            'VALUE_MISSING',
            date_defect(
                tanggal_acuan, tanggal_acuan__kind, tanggal_acuan__day, tanggal_acuan__is_month_first
            )
        ) as tanggal_acuan__defect,
    from values_read
)

select
    source_row,
    row__defect,
    kode_wilayah__value as kode_wilayah,
    kode_wilayah__defect,
    skema_kode__value as skema_kode,
    skema_kode__defect,
    segmen__value as segmen,
    segmen__defect,
    definisi,
    definisi__defect,
    if(jumlah_orang__defect is null, jumlah_orang__amount, null)::bigint as jumlah_orang,
    jumlah_orang__defect,
    sumber,
    sumber__defect,
    if(tanggal_acuan__defect is null, tanggal_acuan__day, null) as tanggal_acuan,
    tanggal_acuan__defect,
from defects_found;
