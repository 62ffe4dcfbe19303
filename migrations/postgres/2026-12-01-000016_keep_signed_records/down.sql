DROP TABLE counselling_note_scans;
