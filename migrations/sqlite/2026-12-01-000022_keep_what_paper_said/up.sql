-- What a paper sheet said where an organiser's word stands over it.
ALTER TABLE attendance_marks ADD COLUMN sheet_mark TEXT CONSTRAINT ck_attendance_marks_sheet_mark CHECK (sheet_mark IN ('present', 'absent', 'excused'));
