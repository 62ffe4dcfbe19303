DROP INDEX ix_counselling_appointments_expires;
CREATE INDEX ix_counselling_appointments_expires ON counselling_appointments (expires_at) WHERE status = 'requested';
DROP INDEX ix_risk_alerts_escalate;
CREATE INDEX ix_risk_alerts_escalate ON risk_alerts (escalate_at) WHERE status = 'open';
DROP INDEX ix_legal_aid_clocks_queue;
CREATE INDEX ix_legal_aid_clocks_queue ON legal_aid_clocks (office_id, queue_rank, due_on, request_id) WHERE queue_rank < 9;
