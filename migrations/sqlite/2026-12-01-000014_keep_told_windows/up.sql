CREATE TABLE counselling_told_windows (
    id BLOB PRIMARY KEY,
    consent_id BLOB NOT NULL REFERENCES counselling_consents (id),
    kind TEXT NOT NULL CONSTRAINT ck_counselling_told_windows_kind CHECK (kind IN ('domestic', 'intercountry')),
    days INTEGER NOT NULL,
    ends_on TEXT NOT NULL,
    told_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ix_counselling_told_windows_consent ON counselling_told_windows (consent_id);

-- What was told before this was kept.
INSERT INTO counselling_told_windows (id, consent_id, kind, days, ends_on, told_at)
SELECT told.id, told.id, told.kind, told.days, date(told.taken_on, '+' || told.days || ' days'), told.created_at
FROM (
    SELECT one.id, one.taken_on, one.created_at, matter.adoption_kind AS kind,
        CASE matter.adoption_kind WHEN 'domestic' THEN one.domestic_days ELSE one.intercountry_days END AS days
    FROM counselling_consents AS one
    JOIN counselling_cases AS matter ON matter.id = one.case_id
    WHERE one.decision IN ('given', 'withdrawn') AND matter.adoption_kind <> 'undetermined'
) AS told;
