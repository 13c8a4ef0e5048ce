"""Word lists of the synthetic province: nobody real is meant."""

from __future__ import annotations

# people -> (names of men, names of women, second names)
NAMES: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "jawa": (
        ("Slamet", "Bambang", "Joko", "Sugeng", "Agus", "Eko", "Dwi", "Tri", "Wahyu",
         "Supriyadi", "Sutrisno", "Suparman", "Heru", "Budi", "Yanto", "Mulyono"),
        ("Sri", "Siti", "Endang", "Sulastri", "Wati", "Rini", "Yuni", "Ningsih",
         "Dewi", "Ratna", "Lestari", "Sumarni", "Tutik", "Partini", "Murni", "Sari"),
        ("Santoso", "Wibowo", "Prasetyo", "Utomo", "Handayani", "Purnomo", "Rahayu",
         "Setiawan", "Susanto", "Kurniawan", "Widodo", "Hartono", "Astuti", "Nugroho"),
    ),
    "banjar": (
        ("Muhammad", "Ahmad", "Abdul", "Fahruddin", "Rusdi", "Syahrani", "Hasan",
         "Mahyudin", "Saderi", "Akhmad", "Zainal", "Taufik", "Rahmadi", "Ilham"),
        ("Siti", "Noor", "Rusmini", "Halimah", "Mastura", "Norhayati", "Masniah",
         "Fatimah", "Jamilah", "Arbayah", "Hamidah", "Rahmah", "Salasiah", "Aisyah"),
        ("Rahman", "Hidayat", "Anshari", "Fadli", "Aminah", "Maulana", "Yusuf",
         "Ramadhan", "Noor", "Ridha", "Syarif", "Fauzi", "Hasanah", "Ikhwan"),
    ),
    "bugis": (
        ("Andi", "Baso", "Daeng", "Ambo", "La Tenri", "Muhammad", "Sultan", "Rustam",
         "Syamsuddin", "Hamzah", "Baharuddin", "Makmur", "Nurdin", "Iskandar"),
        ("Andi", "Besse", "Indo", "I Tenri", "Hasnah", "Nurhayati", "Sitti", "Rosmini",
         "Nuraeni", "Hasmawati", "Suriani", "Darmawati", "Marwah", "Salmah"),
        ("Mappasissi", "Tenri", "Mattalatta", "Pallawa", "Rahim", "Tahir", "Saleh",
         "Mansyur", "Kadir", "Patiroi", "Arsyad", "Latif", "Palinrungi", "Amin"),
    ),
    "kutai": (
        ("Aji", "Awang", "Encik", "Adji", "Muhammad", "Sabran", "Edi", "Idrus",
         "Rahmat", "Ismail", "Suriansyah", "Hairil", "Jamaluddin", "Asran"),
        ("Aji", "Dayang", "Encik", "Siti", "Rohana", "Mariani", "Zubaidah", "Nurjanah",
         "Sabariah", "Hartati", "Masitah", "Yuliana", "Rusnah", "Kamariah"),
        ("Ferdian", "Ahmad", "Raden", "Sulaiman", "Alamsyah", "Noor", "Hasanuddin",
         "Ariansyah", "Muliadi", "Effendi", "Bahri", "Permata", "Kesuma", "Surya"),
    ),
    "dayak": (
        ("Yohanes", "Markus", "Petrus", "Ding", "Lawai", "Bilung", "Ngau", "Jalung",
         "Ajang", "Paulus", "Stefanus", "Usat", "Lejau", "Kuleh"),
        ("Maria", "Agustina", "Yuliana", "Lahai", "Hubung", "Bulan", "Kristina",
         "Devung", "Tipung", "Ana", "Martha", "Pebung", "Lucia", "Song"),
        ("La'ai", "Ibau", "Lencau", "Bulatn", "Njuk", "Ubung", "Imang", "Lirin",
         "Juk", "Ngerom", "Apui", "Merang", "Batoq", "Hanyeq"),
    ),
}  # fmt: skip

DEFAULT_MIX = {"jawa": 35, "banjar": 20, "bugis": 20, "kutai": 12, "dayak": 13}
MIX = {
    "64.02": {"jawa": 32, "banjar": 18, "bugis": 15, "kutai": 25, "dayak": 10},
    "64.07": {"jawa": 20, "banjar": 8, "bugis": 7, "kutai": 10, "dayak": 55},
    "64.11": {"jawa": 8, "banjar": 6, "bugis": 6, "kutai": 5, "dayak": 75},
    "64.74": {"jawa": 33, "banjar": 12, "bugis": 40, "kutai": 8, "dayak": 7},
}

JOBS = (
    "Nelayan", "Petani", "Buruh Harian", "Pedagang Keliling", "Tukang Bangunan",
    "Pengemudi Ojek", "Pekebun", "Marbot Masjid", "Guru Mengaji", "Koster Gereja",
    "Juru Parkir", "Pemulung", "Penjahit", "Asisten Rumah Tangga", "Motoris Ketinting",
)  # fmt: skip
OFFICES = (
    "Dinas Pekerjaan Umum", "Dinas Pendidikan", "Dinas Kesehatan", "Sekretariat Daerah",
    "Satpol PP", "Dinas Lingkungan Hidup", "Dinas Perhubungan", "Kantor Kecamatan",
)  # fmt: skip
DUTIES = (
    "Tenaga Administrasi", "Petugas Kebersihan", "Pengemudi", "Petugas Keamanan",
    "Operator Komputer", "Pramusaji", "Penjaga Sekolah",
)  # fmt: skip
COMPANIES = (
    "PT Contoh Mahakam", "PT Contoh Sawit Lestari", "CV Contoh Etam", "PT Contoh Bara",
    "PT Contoh Kayu Manis", "CV Contoh Samudra", "PT Contoh Jasa Utama",
)  # fmt: skip
SECTORS = (
    "pertambangan",
    "perkebunan",
    "perdagangan",
    "jasa",
    "industri",
    "transportasi",
)
BRANCHES = {
    "64.01": "Balikpapan", "64.02": "Kutai Kartanegara", "64.03": "Berau",
    "64.07": "Kutai Barat", "64.08": "Bontang", "64.09": "Balikpapan",
    "64.11": "Kutai Barat", "64.71": "Balikpapan", "64.72": "Samarinda",
    "64.74": "Bontang",
}  # fmt: skip
# Penduduk Dukcapil semester 2 tahun 2024
POPULATION = {
    "64.01": 309_667, "64.02": 806_964, "64.03": 299_005, "64.07": 186_581,
    "64.08": 448_850, "64.09": 202_067, "64.11": 39_715, "64.71": 757_418,
    "64.72": 881_225, "64.74": 191_811,
}  # fmt: skip
MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus",
    "September", "Oktober", "November", "Desember",
)  # fmt: skip
