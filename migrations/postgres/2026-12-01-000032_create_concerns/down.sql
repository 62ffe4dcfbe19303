DROP TABLE difficulties;
DROP TABLE concerns;
