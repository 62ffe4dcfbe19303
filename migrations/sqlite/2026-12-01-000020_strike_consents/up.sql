-- A consent that was entered by mistake stays on record and counts for nothing.
ALTER TABLE counselling_consents ADD COLUMN struck_at INTEGER;
