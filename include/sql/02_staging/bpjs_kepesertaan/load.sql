-- table:   typed_rows (view), written as typed.parquet of bpjs_kepesertaan
-- grain:   source_row (one per row of raw_rows, in its order)
-- inputs:  raw_rows, date_readings, month_readings, amount_readings, listed_readings, area_codes_read, nik_prefixes, areas
-- params:  none
-- re-run:  replaced whole
create or replace temp view typed_rows as
with cells_cleaned as (
    select
        raw_rows.source_row,
        raw_rows.row__defect,
        raw_rows.kpj as kpj__sent,
        kpj_value(raw_rows.kpj) as kpj__value,
        raw_rows.nik as nik__sent,
        raw_rows.nik__kind,
        nik_bare(raw_rows.nik) as nik__bare,
        nik_bare(raw_rows.family_card) as family_card__bare,
        text_clean(raw_rows.nama) as nama__text,
        tanggal_lahir_read.day as tanggal_lahir,
        tanggal_lahir_read.defect as tanggal_lahir__read,
        tanggal_lahir_read.age_years as umur,
        jenis_kelamin_read.value as jenis_kelamin,
        jenis_kelamin_read.defect as jenis_kelamin__read,
        segmen_read.value as segmen,
        segmen_read.defect as segmen__read,
        segmen_read.is_missing as segmen__is_missing,
        raw_rows.jkk as jkk__sent,
        raw_rows.jkm as jkm__sent,
        raw_rows.jht as jht__sent,
        raw_rows.jp as jp__sent,
        raw_rows.jkp as jkp__sent,
        text_clean(raw_rows.npp) as npp__text,
        text_clean(raw_rows.nama_perusahaan) as nama_perusahaan__text,
        sumber_iuran_read.value as sumber_iuran,
        sumber_iuran_read.defect as sumber_iuran__read,
        text_clean(raw_rows.sektor) as sektor__text,
        tanggal_kepesertaan_read.day as tanggal_kepesertaan,
        tanggal_kepesertaan_read.defect as tanggal_kepesertaan__read,
        bulan_iuran_terakhir_read.month_start as bulan_iuran_terakhir,
        bulan_iuran_terakhir_read.defect as bulan_iuran_terakhir__read,
        status_read.value as status,
        status_read.defect as status__read,
        kode_kabkota_read.area_code as kode_kabkota,
        kode_kabkota_read.defect as kode_kabkota__read,
        text_clean(raw_rows.kode_desa) as kode_desa__text,
        skema_kode_read.value as skema_kode,
        skema_kode_read.defect as skema_kode__read,
        text_clean(raw_rows.kantor_cabang) as kantor_cabang__text,
        upah_read.amount as upah,
        upah_read.defect as upah__read,
        status_periode_read.value as status_periode,
        status_periode_read.defect as status_periode__read,
    from raw_rows
    left join date_readings as tanggal_lahir_read
        on
            tanggal_lahir_read.column_name = 'tanggal_lahir'
            and raw_rows.tanggal_lahir = tanggal_lahir_read.sent
            and raw_rows.tanggal_lahir__kind = tanggal_lahir_read.kind
    left join listed_readings as jenis_kelamin_read
        on
            jenis_kelamin_read.column_name = 'jenis_kelamin'
            and raw_rows.jenis_kelamin = jenis_kelamin_read.sent
    left join listed_readings as segmen_read
        on
            segmen_read.column_name = 'segmen'
            and raw_rows.segmen = segmen_read.sent
    left join listed_readings as sumber_iuran_read
        on
            sumber_iuran_read.column_name = 'sumber_iuran'
            and raw_rows.sumber_iuran = sumber_iuran_read.sent
    left join date_readings as tanggal_kepesertaan_read
        on
            tanggal_kepesertaan_read.column_name = 'tanggal_kepesertaan'
            and raw_rows.tanggal_kepesertaan = tanggal_kepesertaan_read.sent
            and raw_rows.tanggal_kepesertaan__kind = tanggal_kepesertaan_read.kind
    left join month_readings as bulan_iuran_terakhir_read
        on
            bulan_iuran_terakhir_read.column_name = 'bulan_iuran_terakhir'
            and raw_rows.bulan_iuran_terakhir = bulan_iuran_terakhir_read.sent
            and raw_rows.bulan_iuran_terakhir__kind = bulan_iuran_terakhir_read.kind
    left join listed_readings as status_read
        on
            status_read.column_name = 'status'
            and raw_rows.status = status_read.sent
    left join area_codes_read as kode_kabkota_read
        on
            raw_rows.kode_kabkota = kode_kabkota_read.sent
            and raw_rows.kode_kabkota__kind = kode_kabkota_read.kind
            and raw_rows.skema_kode = kode_kabkota_read.scheme_sent
    left join listed_readings as skema_kode_read
        on
            skema_kode_read.column_name = 'skema_kode'
            and raw_rows.skema_kode = skema_kode_read.sent
    left join amount_readings as upah_read
        on
            upah_read.column_name = 'upah'
            and raw_rows.upah = upah_read.sent
            and raw_rows.upah__kind = upah_read.kind
    left join listed_readings as status_periode_read
        on
            status_periode_read.column_name = 'status_periode'
            and raw_rows.status_periode = status_periode_read.sent
),

defects_found as (
    select
        cells_cleaned.*,
        kpj_defect(cells_cleaned.kpj__sent, cells_cleaned.kpj__value) as kpj__defect,
        coalesce(
            nik_defect(
                cells_cleaned.nik__sent,
                cells_cleaned.nik__kind,
                cells_cleaned.nik__bare,
                district_prefixes.prefix is not null
                or (
                    regency_prefixes.prefix is not null
                    and substr(cells_cleaned.nik__bare, 5, 2) <> '00'
                )
            ),
            if(
                cells_cleaned.nik__bare = cells_cleaned.family_card__bare,
                'NIK_IS_NKK',
                null
            )
        ) as nik__defect,
        name_defect(cells_cleaned.nama__text) as nama__defect,
        village_areas.area_code as kode_desa,
        bpjs_village_defect(
            cells_cleaned.kode_desa__text,
            village_areas.area_code,
            cells_cleaned.kode_kabkota,
            cells_cleaned.skema_kode
        ) as kode_desa__defect,
    from cells_cleaned
    left join nik_prefixes as district_prefixes
        on left(cells_cleaned.nik__bare, 6) = district_prefixes.prefix
    left join nik_prefixes as regency_prefixes
        on left(cells_cleaned.nik__bare, 4) = regency_prefixes.prefix
    left join areas as village_areas
        on
            village_areas.area_level = 'village'
            and village_dotted(cells_cleaned.kode_desa__text) = village_areas.area_code
            and cells_cleaned.skema_kode is distinct from 'bps'
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
    if(nama__defect is null, nama__text, null) as nama,
    nama__defect,
    tanggal_lahir,
    tanggal_lahir__read as tanggal_lahir__defect,
    jenis_kelamin,
    jenis_kelamin__read as jenis_kelamin__defect,
    segmen,
    if(segmen__is_missing, 'VALUE_MISSING', segmen__read) as segmen__defect,
    flag_value(jkk__sent) as jkk,
    flag_defect(jkk__sent) as jkk__defect,
    flag_value(jkm__sent) as jkm,
    flag_defect(jkm__sent) as jkm__defect,
    flag_value(jht__sent) as jht,
    flag_defect(jht__sent) as jht__defect,
    flag_value(jp__sent) as jp,
    flag_defect(jp__sent) as jp__defect,
    flag_value(jkp__sent) as jkp,
    flag_defect(jkp__sent) as jkp__defect,
    npp__text as npp,
    null::varchar as npp__defect,
    nama_perusahaan__text as nama_perusahaan,
    null::varchar as nama_perusahaan__defect,
    sumber_iuran,
    sumber_iuran__read as sumber_iuran__defect,
    sektor__text as sektor,
    null::varchar as sektor__defect,
    tanggal_kepesertaan,
    tanggal_kepesertaan__read as tanggal_kepesertaan__defect,
    bulan_iuran_terakhir,
    bulan_iuran_terakhir__read as bulan_iuran_terakhir__defect,
    status,
    status__read as status__defect,
    kode_kabkota,
    kode_kabkota__read as kode_kabkota__defect,
    kode_desa,
    kode_desa__defect,
    skema_kode,
    skema_kode__read as skema_kode__defect,
    kantor_cabang__text as kantor_cabang,
    null::varchar as kantor_cabang__defect,
    upah::decimal(18, 2) as upah,
    upah__read as upah__defect,
    status_periode,
    status_periode__read as status_periode__defect,
    umur,
from defects_found;
