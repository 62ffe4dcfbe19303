DROP TABLE figures;
DROP TABLE indicators;
