-- table:   typed_rows (view), written as typed.parquet of non_asn
-- grain:   source_row (one per row of raw_rows, in its order)
-- inputs:  raw_rows, date_readings, amount_readings, listed_readings, nik_prefixes
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
        text_clean(raw_rows.unit_kerja) as unit_kerja__text,
        text_clean(raw_rows.jabatan) as jabatan__text,
        upah_read.amount as upah,
        upah_read.defect as upah__read,
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
    left join amount_readings as upah_read
        on
            upah_read.column_name = 'upah'
            and raw_rows.upah = upah_read.sent
            and raw_rows.upah__kind = upah_read.kind
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
    unit_kerja__text as unit_kerja,
    null::varchar as unit_kerja__defect,
    jabatan__text as jabatan,
    null::varchar as jabatan__defect,
    upah::decimal(18, 2) as upah,
    upah__read as upah__defect,
    sumber_dana,
    sumber_dana__read as sumber_dana__defect,
    mulai,
    mulai__read as mulai__defect,
    selesai,
    selesai__read as selesai__defect,
    umur,
from defects_found;
