-- The list of work items begins with what waits.
DROP INDEX ix_work_items_list;
CREATE INDEX ix_work_items_list ON work_items (office_id, (done_at IS NOT NULL), (due_at IS NULL), due_at, id);
