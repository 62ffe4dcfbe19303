ALTER TABLE attendance_marks DROP COLUMN sheet_mark;
