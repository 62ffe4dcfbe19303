DROP TABLE delegations;
DROP TABLE risk_alert_tells;
DROP TABLE risk_alerts;
DROP TABLE work_items;
