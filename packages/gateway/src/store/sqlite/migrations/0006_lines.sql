-- A claim goes from line to line, a line being the waiting work of one account in one mode, and never reads work under a valid lease. The
-- former single index is split in two: work without a worker, and work with one.
CREATE INDEX generations_lines ON generations (mode, account_id, due_at) WHERE worker IS NULL AND finished_at IS NULL;
CREATE INDEX generations_waiting ON generations (due_at) WHERE worker IS NULL AND finished_at IS NULL;
CREATE INDEX generations_lapsing ON generations (due_at) WHERE worker IS NOT NULL;
DROP INDEX generations_due;
