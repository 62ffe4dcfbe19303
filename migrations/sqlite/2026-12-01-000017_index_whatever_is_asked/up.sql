-- A query with bound values cannot prove an index's condition, so these stood unused.
DROP INDEX ix_legal_aid_clocks_queue;
CREATE INDEX ix_legal_aid_clocks_queue ON legal_aid_clocks (office_id, queue_rank, due_on, request_id);
DROP INDEX ix_risk_alerts_escalate;
CREATE INDEX ix_risk_alerts_escalate ON risk_alerts (status, escalate_at);
DROP INDEX ix_counselling_appointments_expires;
CREATE INDEX ix_counselling_appointments_expires ON counselling_appointments (status, expires_at);
