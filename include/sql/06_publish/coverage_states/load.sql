-- table:  coverage_states (scratch)
-- grain:  area_code, segment, the six ranks
-- inputs: membership_places
-- params: $code_length (2 province, 5 regency, 8 district, 13 village)
-- re-run: adds the areas of one level; run once per level
-- How many persons of an area and segment have which combination of best states: a
-- rank for the membership as such (any) and one per programme, NULL without it.
-- 1 active, 2 grace_1, 3 grace_2, 4 lapsed; the best state of a person wins. A person
-- counts once per area and segment, and once in ALL. One level at a time, so that the
-- widest grouping holds each person of one level only.
create table if not exists coverage_states (
    area_code varchar,
    segment varchar,
    any_rank tinyint,
    jkk_rank tinyint,
    jkm_rank tinyint,
    jht_rank tinyint,
    jp_rank tinyint,
    jkp_rank tinyint,
    person_count bigint
);

insert into coverage_states
with memberships_of_the_level as (
    select
        left(place_code, $code_length) as area_code,
        segment,
        person_id,
        state_rank,
        case when has_jkk then state_rank end as jkk_rank,
        case when has_jkm then state_rank end as jkm_rank,
        case when has_jht then state_rank end as jht_rank,
        case when has_jp then state_rank end as jp_rank,
        case when has_jkp then state_rank end as jkp_rank,
    from membership_places
    where length(place_code) >= $code_length
),

best_state_per_person as (
    select
        area_code,
        coalesce(segment, 'ALL') as segment,
        person_id,
        min(state_rank) as any_rank,
        min(jkk_rank) as jkk_rank,
        min(jkm_rank) as jkm_rank,
        min(jht_rank) as jht_rank,
        min(jp_rank) as jp_rank,
        min(jkp_rank) as jkp_rank,
    from memberships_of_the_level
    group by grouping sets ((area_code, segment, person_id), (area_code, person_id))
)

select
    area_code,
    segment,
    any_rank,
    jkk_rank,
    jkm_rank,
    jht_rank,
    jp_rank,
    jkp_rank,
    count(*) as person_count,
from best_state_per_person
group by
    area_code,
    segment,
    any_rank,
    jkk_rank,
    jkm_rank,
    jht_rank,
    jp_rank,
    jkp_rank;
