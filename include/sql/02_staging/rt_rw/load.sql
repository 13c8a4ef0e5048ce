-- table:   typed_rows (view), written as typed.parquet of rt_rw
-- grain:   source_row (one per row of raw_rows, in its order)
-- inputs:  raw_rows, date_readings, listed_readings, villages_read, nik_prefixes
-- params:  none
-- re-run:  replaced whole
create or replace temp view typed_rows as
with cells_cleaned as (
    select
        raw_rows.source_row,
        raw_rows.row__defect,
        raw_rows.nik as nik__sent,
        raw_rows.nik__kind,
        nik_bare(raw_rows.nik) as nik__bare,
        nik_bare(raw_rows.family_card) as family_card__bare,
        text_clean(raw_rows.nama) as nama__text,
        tanggal_lahir_read.day as tanggal_lahir,
        tanggal_lahir_read.defect as tanggal_lahir__read,
        tanggal_lahir_read.is_missing as tanggal_lahir__is_missing,
        tanggal_lahir_read.age_years as umur,
        jenis_kelamin_read.value as jenis_kelamin,
        jenis_kelamin_read.defect as jenis_kelamin__read,
        kode_desa_read.village_code as kode_desa,
        kode_desa_read.defect as kode_desa__read,
        kode_desa_read.is_missing as kode_desa__is_missing,
        text_clean(raw_rows.desa) as desa__text,
        text_clean(raw_rows.kecamatan) as kecamatan__text,
        jabatan_read.value as jabatan,
        jabatan_read.defect as jabatan__read,
        sumber_dana_read.value as sumber_dana,
        sumber_dana_read.defect as sumber_dana__read,
        mulai_read.day as mulai,
        mulai_read.defect as mulai__read,
        selesai_read.day as selesai,
        selesai_read.defect as selesai__read,
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
    left join villages_read as kode_desa_read
        on
            raw_rows.kode_desa = kode_desa_read.code_sent
            and raw_rows.desa = kode_desa_read.name_sent
            and raw_rows.kecamatan = kode_desa_read.district_sent
    left join listed_readings as jabatan_read
        on
            jabatan_read.column_name = 'jabatan'
            and raw_rows.jabatan = jabatan_read.sent
    left join listed_readings as sumber_dana_read
        on
            sumber_dana_read.column_name = 'sumber_dana'
            and raw_rows.sumber_dana = sumber_dana_read.sent
    left join date_readings as mulai_read
        on
            mulai_read.column_name = 'mulai'
            and raw_rows.mulai = mulai_read.sent
            and raw_rows.mulai__kind = mulai_read.kind
    left join date_readings as selesai_read
        on
            selesai_read.column_name = 'selesai'
            and raw_rows.selesai = selesai_read.sent
            and raw_rows.selesai__kind = selesai_read.kind
),

defects_found as (
    select
        cells_cleaned.*,
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
    from cells_cleaned
    left join nik_prefixes as district_prefixes
        on left(cells_cleaned.nik__bare, 6) = district_prefixes.prefix
    left join nik_prefixes as regency_prefixes
        on left(cells_cleaned.nik__bare, 4) = regency_prefixes.prefix
)

select
    source_row,
    row__defect,
    if(nik__defect is null, nik__bare, null) as nik,
    nik__defect,
    if(nik__defect is null, nik_note(nik__sent, nik__kind, nik__bare), null)
        as nik__note,
    if(nama__defect is null, nama__text, null) as nama,
    nama__defect,
    tanggal_lahir,
    if(tanggal_lahir__is_missing, 'VALUE_MISSING', tanggal_lahir__read)
        as tanggal_lahir__defect,
    jenis_kelamin,
    jenis_kelamin__read as jenis_kelamin__defect,
    kode_desa,
    if(kode_desa__is_missing, 'VALUE_MISSING', kode_desa__read) as kode_desa__defect,
    desa__text as desa,
    null::varchar as desa__defect,
    kecamatan__text as kecamatan,
    null::varchar as kecamatan__defect,
    jabatan,
    jabatan__read as jabatan__defect,
    sumber_dana,
    sumber_dana__read as sumber_dana__defect,
    mulai,
    mulai__read as mulai__defect,
    selesai,
    selesai__read as selesai__defect,
    umur,
from defects_found;
