-- table:   typed_rows (view), written as typed.parquet of rt_rw
-- grain:   source_row (one per row of raw_rows)
-- inputs:  raw_rows, slot, profile, spellings, nik_prefixes, villages_read
-- params:  none (the slot is a table of one row)
-- re-run:  replaced whole
create or replace temp view typed_rows as
with cells_cleaned as (
    select
        source_row,
        row__defect,
        nik as nik__sent,
        nik__kind,
        nik_bare(nik) as nik__bare,
        nik_bare(family_card) as family_card__bare,
        text_clean(nama) as nama,
        text_clean(tanggal_lahir) as tanggal_lahir,
        tanggal_lahir__kind,
        text_clean(jenis_kelamin) as jenis_kelamin,
        text_clean(kode_desa) as kode_desa,
        text_clean(desa) as desa,
        text_clean(kecamatan) as kecamatan,
        text_clean(jabatan) as jabatan,
        text_clean(sumber_dana) as sumber_dana,
        text_clean(mulai) as mulai,
        mulai__kind,
        text_clean(selesai) as selesai,
        selesai__kind,
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
            cells_cleaned.mulai,
            cells_cleaned.mulai__kind,
            slot.month_end,
            false
        ) as mulai__day,
        profile.mulai__is_month_first,
        date_value(
            cells_cleaned.selesai,
            cells_cleaned.selesai__kind,
            slot.month_end,
            false
        ) as selesai__day,
        profile.selesai__is_month_first,
        sex_value(cells_cleaned.jenis_kelamin) as jenis_kelamin__value,
        jabatan_spellings.value as jabatan__value,
        sumber_dana_spellings.value as sumber_dana__value,
        villages_read.village_code as kode_desa__value,
        villages_read.defect as kode_desa__found,
        slot.month_end,
    from cells_cleaned
    cross join slot
    cross join profile
    left join nik_prefixes as district_prefixes
        on left(cells_cleaned.nik__bare, 6) = district_prefixes.prefix
    left join nik_prefixes as regency_prefixes
        on left(cells_cleaned.nik__bare, 4) = regency_prefixes.prefix
    left join spellings as jabatan_spellings
        on
            jabatan_spellings.column_name = 'jabatan'
            and spelling_key(cells_cleaned.jabatan) = jabatan_spellings.spelling
    left join spellings as sumber_dana_spellings
        on
            sumber_dana_spellings.column_name = 'sumber_dana'
            and spelling_key(cells_cleaned.sumber_dana) = sumber_dana_spellings.spelling
    left join villages_read
        on
            cells_cleaned.kode_desa is not distinct from villages_read.kode_desa
            and cells_cleaned.desa is not distinct from villages_read.desa
            and cells_cleaned.kecamatan is not distinct from villages_read.kecamatan
),

defects_found as (
    select
        *,
        coalesce(
            nik_defect(nik__sent, nik__kind, nik__bare, nik__is_area_known),
            if(nik__bare = family_card__bare, 'NIK_IS_NKK', null)
        ) as nik__defect,
        name_defect(nama) as nama__defect,
        if(
            tanggal_lahir is null,
            'VALUE_MISSING',
            birth_defect(
                tanggal_lahir,
                tanggal_lahir__kind,
                tanggal_lahir__day,
                tanggal_lahir__is_month_first,
                month_end
            )
        ) as tanggal_lahir__defect,
        given_defect(
            jenis_kelamin, jenis_kelamin__value, 'VALUE_UNKNOWN', false
        ) as jenis_kelamin__defect,
        if(
            kode_desa is null and desa is null,
            'VALUE_MISSING',
            kode_desa__found
        ) as kode_desa__defect,
        null::varchar as desa__defect,
        null::varchar as kecamatan__defect,
        given_defect(
            jabatan, jabatan__value, 'VALUE_UNKNOWN', false
        ) as jabatan__defect,
        given_defect(
            sumber_dana, sumber_dana__value, 'VALUE_UNKNOWN', false
        ) as sumber_dana__defect,
        date_defect(
            mulai, mulai__kind, mulai__day, mulai__is_month_first
        ) as mulai__defect,
        date_defect(
            selesai, selesai__kind, selesai__day, selesai__is_month_first
        ) as selesai__defect,
    from values_read
)

select
    source_row,
    row__defect,
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
    kode_desa__value as kode_desa,
    kode_desa__defect,
    desa,
    desa__defect,
    kecamatan,
    kecamatan__defect,
    jabatan__value as jabatan,
    jabatan__defect,
    sumber_dana__value as sumber_dana,
    sumber_dana__defect,
    if(mulai__defect is null, mulai__day, null) as mulai,
    mulai__defect,
    if(selesai__defect is null, selesai__day, null) as selesai,
    selesai__defect,
    if(
        tanggal_lahir__defect is null, date_sub('year', tanggal_lahir__day, month_end), null
    )::smallint as umur,
from defects_found;
