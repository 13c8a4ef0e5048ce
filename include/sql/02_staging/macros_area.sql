-- macro: area_name_key(text, level) -> varchar
-- The form in which two spellings of one area name are equal: small letters and digits
-- only. A word that says what kind of area it is ("Kab.", "Kecamatan", "Desa") is taken
-- off the front at the level where it is such a word, and only there: the district
-- "Kota Bangun" keeps its "Kota". "Kampung" stays, because villages are named
-- "Kampung Baru"; area_names has the second key for a kampung written with its kind.
-- Common short forms of villages and districts are written out (Sei, Tj., Gn.).
-- Twin: cakupan.core.areas.name_key; a test holds the two together.
-- An empty text gives '', NULL gives NULL.
create or replace macro area_office_name(value) as
regexp_replace(value, '^pem(erintah )?(kab|kot|prov|prop)', '\2');

create or replace macro area_name_words(value, level) as
case level
    when 'province'
        then
            regexp_replace(area_office_name(value), '^pro[vp](insi)? ', '')
    when 'regency'
        then
            regexp_replace(
                area_office_name(value),
                '^(kab(upaten)?|kot(a|amadya)?|kodya)( adm(inistrasi)?)? ',
                ''
            )
    when 'district'
        then
            regexp_replace(value, '^(kecamatan|kec|distrik|distr|dist) ', '')
    when 'village'
        then
            regexp_replace(
                regexp_replace(value, '^((kelurahan|kel|desa adat|desa|ds) )+', ''),
                '^(kpg|kmp|kp) ',
                'kampung '
            )
    else value
end;

create or replace macro area_name_long(value, level) as
case
    when level in ('district', 'village')
        then
            replace(
                replace(
                    replace(
                        replace(
                            replace(' ' || value || ' ', ' sei ', ' sungai '),
                            ' sungei ',
                            ' sungai '
                        ),
                        ' tj ',
                        ' tanjung '
                    ),
                    ' tjg ',
                    ' tanjung '
                ),
                ' gn ',
                ' gunung '
            )
    else value
end;

create or replace macro area_name_key(value, level) as
replace(
    area_name_long(
        area_name_words(
            trim(regexp_replace(lower(value), '[^a-z0-9]+', ' ', 'g')), level
        ),
        level
    ),
    ' ',
    ''
);
