DROP TABLE report_files;
DROP TABLE report_contributions;
DROP TABLE report_snapshots;
DROP TABLE plan_reports;
