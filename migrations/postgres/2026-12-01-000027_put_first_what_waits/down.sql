DROP INDEX ix_work_items_list;
CREATE INDEX ix_work_items_list ON work_items (office_id, (due_at IS NULL), due_at, id);
