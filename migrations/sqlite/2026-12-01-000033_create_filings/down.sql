DROP TABLE obligation_filings;
