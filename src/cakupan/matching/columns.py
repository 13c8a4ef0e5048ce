"""Which column of a person file is which field.

A field may stand in one column or in parts (given name and surname, day, month and
year, street and town): parts are joined in the order listed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FIELDS = (
    "nik",
    "kpj",
    "name",
    "birth_date",
    "sex",
    "village_code",
    "regency_code",
    "address",
    "phone",
)
"""What can be compared, beside ``id``."""

_WHOLE = {
    "id": "id rec_id record_id unique_id uid row_id rowid person_id recid key",
    "nik": (
        "nik no_nik nomor_nik no_ktp nomor_ktp ktp national_id ssn soc_sec_id "
        "social_security_number nomor_induk_kependudukan identity_number"
    ),
    "kpj": "kpj no_kpj nomor_kpj nomor_peserta nomor_referensi",
    "name": "name nama full_name fullname nama_lengkap nama_peserta person_name",
    "birth_date": (
        "birth_date birthdate dob date_of_birth tanggal_lahir tgl_lahir birthday"
    ),
    "sex": "sex gender jenis_kelamin jk kelamin sex_code gender_code",
    "village_code": (
        "village_code kode_desa desa_kode kode_kelurahan kode_wilayah kode_pos "
        "postcode postal_code zip zipcode zip_code postcode_fake village desa kelurahan"
    ),
    "regency_code": "regency_code kode_kabkota kode_kabupaten kode_kota",
    "address": "address alamat alamat_rumah alamat_ktp full_address",
    "phone": (
        "phone no_hp hp telepon no_telp no_telepon telp phone_number mobile "
        "nomor_hp telephone"
    ),
}
_PARTS = {
    "name": (
        "given_name first_name firstname forename fname fname_c1 nama_depan",
        "fname_c2",
        "middle_name middlename middle_initial midl_name mname nama_tengah",
        "surname last_name lastname family_name lname lname_c1 nama_belakang",
        "lname_c2",
    ),
    "birth_date": (
        "by birth_year year_of_birth tahun_lahir dob_year",
        "bm birth_month month_of_birth bulan_lahir dob_month",
        "bd birth_day day_of_birth hari_lahir dob_day",
    ),
    "address": (
        "street_number house_number nomor_rumah unit_number",
        "address_1 address1 street street_name res_street_address jalan",
        "address_2 address2 rt",
        "rw",
        "suburb city town locality kota kecamatan",
        "state county province provinsi kabupaten",
    ),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields of a file stand.

    Attributes:
        columns: per field (and ``id``) the columns it is made of, in order.
        unused: columns no field is read from.
    """

    columns: dict[str, tuple[str, ...]]
    unused: tuple[str, ...]


def squeezed(title: str) -> str:
    """A column title without case and punctuation."""
    return "".join(letter for letter in title.casefold() if letter.isalnum())


def layout(titles: Sequence[str]) -> Layout:
    """Find the fields among column titles; ``columns`` lacks those that are not there.

    The name of the field itself goes before its aliases, a whole column before parts.
    """
    by_key: dict[str, str] = {}
    for title in titles:
        by_key.setdefault(squeezed(title), title)
    found: dict[str, tuple[str, ...]] = {}
    for field in ("id", *FIELDS):
        whole = _first(by_key, _WHOLE[field])
        if whole is not None:
            found[field] = (whole,)
            continue
        parts = [_first(by_key, part) for part in _PARTS.get(field, ())]
        if any(parts) and (field != "birth_date" or parts[0]):
            found[field] = tuple(part for part in parts if part)
    used = {title for group in found.values() for title in group}
    return Layout(found, tuple(title for title in titles if title not in used))


def _first(by_key: dict[str, str], aliases: str) -> str | None:
    for alias in aliases.split():
        if (title := by_key.get(squeezed(alias))) is not None:
            return title
    return None
