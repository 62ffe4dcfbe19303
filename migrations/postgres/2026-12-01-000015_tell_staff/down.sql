DROP INDEX ix_legal_aid_clocks_due;
ALTER TABLE legal_aid_clocks DROP COLUMN watched_on;
DROP TABLE work_item_asides;
