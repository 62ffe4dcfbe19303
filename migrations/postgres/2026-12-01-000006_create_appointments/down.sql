DROP TABLE counselling_appointment_events;
DROP TABLE counselling_appointment_parties;
DROP TABLE counselling_appointments;
DROP TABLE counselled_people;
DROP TABLE counsellor_time_off;
DROP TABLE counsellor_exceptions;
DROP TABLE counsellor_hours;
DROP TABLE counsellor_calendars;
