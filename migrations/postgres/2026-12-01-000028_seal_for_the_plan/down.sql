ALTER TABLE data_keys DROP CONSTRAINT ck_data_keys_subject;
ALTER TABLE data_keys ADD CONSTRAINT ck_data_keys_subject CHECK (subject IN ('counselling-request', 'counselling-case', 'risk-alert', 'legal-aid-request'));
