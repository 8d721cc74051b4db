-- Who did it, from where, in which call, and how it went. Earlier entries were all successful calls by a holder of the admin token, hence
-- the defaults.
ALTER TABLE audit ADD COLUMN actor TEXT NOT NULL DEFAULT 'admin';
ALTER TABLE audit ADD COLUMN client TEXT;
ALTER TABLE audit ADD COLUMN address TEXT;
ALTER TABLE audit ADD COLUMN request_id TEXT;
ALTER TABLE audit ADD COLUMN outcome TEXT NOT NULL DEFAULT 'done';
CREATE INDEX audit_by_target ON audit (target);
CREATE INDEX audit_by_action ON audit (action);

CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_never_goes BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
