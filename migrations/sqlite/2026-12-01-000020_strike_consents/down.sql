ALTER TABLE counselling_consents DROP COLUMN struck_at;
