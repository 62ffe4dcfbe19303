DROP TABLE counselling_parties;
DROP TABLE counselling_case_events;
DROP TABLE counselling_cases;
DROP TABLE counselling_contact_tries;
DROP TABLE counselling_requests;
