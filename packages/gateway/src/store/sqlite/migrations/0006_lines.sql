-- Who claims goes from line to line, a line being the waiting work of one account in one mode, and never meets what is under a lease
-- that holds. What was in one index is in two, by whether somebody has it.
CREATE INDEX generations_lines ON generations (mode, account_id, due_at) WHERE worker IS NULL AND finished_at IS NULL;
CREATE INDEX generations_waiting ON generations (due_at) WHERE worker IS NULL AND finished_at IS NULL;
CREATE INDEX generations_lapsing ON generations (due_at) WHERE worker IS NOT NULL;
DROP INDEX generations_due;
