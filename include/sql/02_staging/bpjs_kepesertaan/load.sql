-- table:   typed_rows (view), written as typed.parquet of bpjs_kepesertaan
-- grain:   source_row (one per row of raw_rows)
-- inputs:  raw_rows, slot, profile, spellings, nik_prefixes, area_codes_read, areas
-- params:  none (the slot is a table of one row)
-- re-run:  replaced whole
create or replace temp view typed_rows as
with cells_cleaned as (
    select
        source_row,
        row__defect,
        text_clean(kpj) as kpj,
        nik as nik__sent,
        nik__kind,
        nik_bare(nik) as nik__bare,
        nik_bare(family_card) as family_card__bare,
        text_clean(nama) as nama,
        text_clean(tanggal_lahir) as tanggal_lahir,
        tanggal_lahir__kind,
        text_clean(jenis_kelamin) as jenis_kelamin,
        text_clean(segmen) as segmen,
        text_clean(jkk) as jkk,
        text_clean(jkm) as jkm,
        text_clean(jht) as jht,
        text_clean(jp) as jp,
        text_clean(jkp) as jkp,
        text_clean(npp) as npp,
        text_clean(nama_perusahaan) as nama_perusahaan,
        text_clean(sumber_iuran) as sumber_iuran,
        text_clean(sektor) as sektor,
        text_clean(tanggal_kepesertaan) as tanggal_kepesertaan,
        tanggal_kepesertaan__kind,
        text_clean(bulan_iuran_terakhir) as bulan_iuran_terakhir,
        bulan_iuran_terakhir__kind,
        text_clean(status) as status,
        text_clean(kode_kabkota) as kode_kabkota,
        kode_kabkota__kind,
        text_clean(kode_desa) as kode_desa,
        text_clean(skema_kode) as skema_kode,
        text_clean(kantor_cabang) as kantor_cabang,
        text_clean(upah) as upah,
        upah__kind,
        text_clean(status_periode) as status_periode,
    from raw_rows
),

values_read as (
    select
        cells_cleaned.*,
        district_prefixes.prefix is not null
        or (
            regency_prefixes.prefix is not null
            and substr(cells_cleaned.nik__bare, 5, 2) <> '00'
        ) as nik__is_area_known,
        date_value(
            cells_cleaned.tanggal_lahir,
            cells_cleaned.tanggal_lahir__kind,
            slot.month_end,
            true
        ) as tanggal_lahir__day,
        profile.tanggal_lahir__is_month_first,
        date_value(
            cells_cleaned.tanggal_kepesertaan,
            cells_cleaned.tanggal_kepesertaan__kind,
            slot.month_end,
            false
        ) as tanggal_kepesertaan__day,
        profile.tanggal_kepesertaan__is_month_first,
        kpj_value(cells_cleaned.kpj) as kpj__value,
        sex_value(cells_cleaned.jenis_kelamin) as jenis_kelamin__value,
        segmen_spellings.value as segmen__value,
        flag_value(cells_cleaned.jkk) as jkk__value,
        flag_value(cells_cleaned.jkm) as jkm__value,
        flag_value(cells_cleaned.jht) as jht__value,
        flag_value(cells_cleaned.jp) as jp__value,
        flag_value(cells_cleaned.jkp) as jkp__value,
        sumber_iuran_spellings.value as sumber_iuran__value,
        month_value(
            cells_cleaned.bulan_iuran_terakhir, cells_cleaned.bulan_iuran_terakhir__kind, slot.month_end
        ) as bulan_iuran_terakhir__month,
        status_spellings.value as status__value,
        area_codes_read.area_code as kode_kabkota__value,
        area_codes_read.defect as kode_kabkota__found,
        scheme_value(cells_cleaned.skema_kode) as skema_kode__value,
        amount_bare(cells_cleaned.upah) as upah__bare,
        amount_value(
            amount_bare(cells_cleaned.upah),
            cells_cleaned.upah__kind,
            profile.upah__notation
        ) as upah__amount,
        status_periode_spellings.value as status_periode__value,
        areas.area_code as kode_desa__value,
        slot.month_end,
    from cells_cleaned
    cross join slot
    cross join profile
    left join nik_prefixes as district_prefixes
        on left(cells_cleaned.nik__bare, 6) = district_prefixes.prefix
    left join nik_prefixes as regency_prefixes
        on left(cells_cleaned.nik__bare, 4) = regency_prefixes.prefix
    left join spellings as segmen_spellings
        on
            segmen_spellings.column_name = 'segmen'
            and spelling_key(cells_cleaned.segmen) = segmen_spellings.spelling
    left join spellings as sumber_iuran_spellings
        on
            sumber_iuran_spellings.column_name = 'sumber_iuran'
            and spelling_key(cells_cleaned.sumber_iuran) = sumber_iuran_spellings.spelling
    left join spellings as status_spellings
        on
            status_spellings.column_name = 'status'
            and spelling_key(cells_cleaned.status) = status_spellings.spelling
    left join spellings as status_periode_spellings
        on
            status_periode_spellings.column_name = 'status_periode'
            and spelling_key(cells_cleaned.status_periode) = status_periode_spellings.spelling
    left join area_codes_read
        on
            area_bare(
                cells_cleaned.kode_kabkota, cells_cleaned.kode_kabkota__kind
            ) = area_codes_read.code
            and cells_cleaned.skema_kode is not distinct from area_codes_read.scheme
    left join areas
        on
            areas.area_level = 'village'
            and village_dotted(cells_cleaned.kode_desa) = areas.area_code
            and scheme_value(cells_cleaned.skema_kode) is distinct from 'bps'
),

defects_found as (
    select
        *,
        kpj_defect(kpj, kpj__value) as kpj__defect,
        coalesce(
            nik_defect(nik__sent, nik__kind, nik__bare, nik__is_area_known),
            if(nik__bare = family_card__bare, 'NIK_IS_NKK', null)
        ) as nik__defect,
        name_defect(nama) as nama__defect,
        birth_defect(
            tanggal_lahir,
            tanggal_lahir__kind,
            tanggal_lahir__day,
            tanggal_lahir__is_month_first,
            month_end
        ) as tanggal_lahir__defect,
        given_defect(
            jenis_kelamin, jenis_kelamin__value, 'VALUE_UNKNOWN', false
        ) as jenis_kelamin__defect,
        given_defect(
            segmen, segmen__value, 'VALUE_UNKNOWN', true
        ) as segmen__defect,
        given_defect(jkk, jkk__value, 'FLAG_INVALID', false) as jkk__defect,
        given_defect(jkm, jkm__value, 'FLAG_INVALID', false) as jkm__defect,
        given_defect(jht, jht__value, 'FLAG_INVALID', false) as jht__defect,
        given_defect(jp, jp__value, 'FLAG_INVALID', false) as jp__defect,
        given_defect(jkp, jkp__value, 'FLAG_INVALID', false) as jkp__defect,
        null::varchar as npp__defect,
        null::varchar as nama_perusahaan__defect,
        given_defect(
            sumber_iuran, sumber_iuran__value, 'VALUE_UNKNOWN', false
        ) as sumber_iuran__defect,
        null::varchar as sektor__defect,
        date_defect(
            tanggal_kepesertaan, tanggal_kepesertaan__kind, tanggal_kepesertaan__day, tanggal_kepesertaan__is_month_first
        ) as tanggal_kepesertaan__defect,
        month_defect(bulan_iuran_terakhir, bulan_iuran_terakhir__month) as bulan_iuran_terakhir__defect,
        given_defect(
            status, status__value, 'VALUE_UNKNOWN', false
        ) as status__defect,
        if(kode_kabkota is null, 'VALUE_MISSING', kode_kabkota__found) as kode_kabkota__defect,
        bpjs_village_defect(
            kode_desa, kode_desa__value, kode_kabkota__value, skema_kode__value
        ) as kode_desa__defect,
        given_defect(skema_kode, skema_kode__value, 'SCHEME_UNKNOWN', false) as skema_kode__defect,
        null::varchar as kantor_cabang__defect,
        rupiah_defect(
            upah, upah__bare, upah__kind, upah__amount
        ) as upah__defect,
        given_defect(
            status_periode, status_periode__value, 'VALUE_UNKNOWN', false
        ) as status_periode__defect,
    from values_read
)

select
    source_row,
    row__defect,
    if(kpj__defect is null, kpj__value, null) as kpj,
    kpj__defect,
    if(nik__defect is null, nik__bare, null) as nik,
    nik__defect,
    if(nik__defect is null, nik_note(nik__sent, nik__kind, nik__bare), null)
        as nik__note,
    if(nama__defect is null, nama, null) as nama,
    nama__defect,
    if(tanggal_lahir__defect is null, tanggal_lahir__day, null) as tanggal_lahir,
    tanggal_lahir__defect,
    jenis_kelamin__value as jenis_kelamin,
    jenis_kelamin__defect,
    segmen__value as segmen,
    segmen__defect,
    jkk__value as jkk,
    jkk__defect,
    jkm__value as jkm,
    jkm__defect,
    jht__value as jht,
    jht__defect,
    jp__value as jp,
    jp__defect,
    jkp__value as jkp,
    jkp__defect,
    npp,
    npp__defect,
    nama_perusahaan,
    nama_perusahaan__defect,
    sumber_iuran__value as sumber_iuran,
    sumber_iuran__defect,
    sektor,
    sektor__defect,
    if(tanggal_kepesertaan__defect is null, tanggal_kepesertaan__day, null) as tanggal_kepesertaan,
    tanggal_kepesertaan__defect,
    bulan_iuran_terakhir__month as bulan_iuran_terakhir,
    bulan_iuran_terakhir__defect,
    status__value as status,
    status__defect,
    kode_kabkota__value as kode_kabkota,
    kode_kabkota__defect,
    kode_desa__value as kode_desa,
    kode_desa__defect,
    skema_kode__value as skema_kode,
    skema_kode__defect,
    kantor_cabang,
    kantor_cabang__defect,
    if(upah__defect is null, upah__amount, null)::decimal(18, 2) as upah,
    upah__defect,
    status_periode__value as status_periode,
    status_periode__defect,
    if(
        tanggal_lahir__defect is null, date_sub('year', tanggal_lahir__day, month_end), null
    )::smallint as umur,
from defects_found;
