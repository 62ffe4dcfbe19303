DROP TABLE counselling_follow_ups;
DROP TABLE counselling_consents;
DROP TABLE counselling_break_glass;
DROP TABLE counselling_note_shares;
DROP TABLE counselling_note_addenda;
DROP TABLE counselling_notes;
