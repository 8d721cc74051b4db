-- Times are milliseconds since 1970, money is micro-US-dollars, nested values are JSON text.

CREATE TABLE accounts (
  id                 TEXT PRIMARY KEY,
  name               TEXT NOT NULL,
  plan               TEXT NOT NULL,
  status             TEXT NOT NULL,
  limits             TEXT NOT NULL,
  created_at         INTEGER NOT NULL,
  -- The projection of the ledger: what the transfers of the account add up to. The upper bound keeps sums exact in JavaScript.
  subscription_funds INTEGER NOT NULL DEFAULT 0 CHECK (subscription_funds BETWEEN 0 AND 9007199254740991),
  permanent_funds    INTEGER NOT NULL DEFAULT 0 CHECK (permanent_funds BETWEEN 0 AND 9007199254740991),
  subscription_held  INTEGER NOT NULL DEFAULT 0 CHECK (subscription_held BETWEEN 0 AND subscription_funds),
  permanent_held     INTEGER NOT NULL DEFAULT 0 CHECK (permanent_held BETWEEN 0 AND permanent_funds)
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
  id              TEXT PRIMARY KEY,
  account_id      TEXT NOT NULL REFERENCES accounts (id),
  dialect         TEXT NOT NULL,
  mode            TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  name            TEXT NOT NULL,
  prefix          TEXT NOT NULL,
  status          TEXT NOT NULL,
  allowed_origins TEXT NOT NULL,
  allowed_ips     TEXT NOT NULL,
  limits          TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  sha256          TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

-- One row. Its number grows with every change of an account or a key, so that other processes know when their caches are out of date.
CREATE TABLE access_revision (
  only     INTEGER PRIMARY KEY CHECK (only = 1),
  revision INTEGER NOT NULL
) STRICT;
INSERT INTO access_revision VALUES (1, 0);

-- The part of a generation that changes. It is small, because every claim and settle rewrites its row.
CREATE TABLE generations (
  seq         INTEGER PRIMARY KEY, -- creation order; rows are never deleted
  id          TEXT NOT NULL UNIQUE,
  account_id  TEXT NOT NULL REFERENCES accounts (id),
  dialect     TEXT NOT NULL,
  key_id      TEXT NOT NULL,
  mode        TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  model       TEXT NOT NULL,
  kind        TEXT NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'canceled')),
  quote       INTEGER NOT NULL CHECK (quote >= 0 AND (mode = 'live' OR quote = 0)),
  charged     INTEGER CHECK (charged BETWEEN 0 AND quote),
  delivered   TEXT,
  failure     TEXT,
  progress    TEXT,
  inline      INTEGER NOT NULL CHECK (inline IN (0, 1)),
  retry_of    TEXT,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  started_at  INTEGER,
  finished_at INTEGER CHECK ((finished_at IS NULL) = (status IN ('queued', 'running'))),
  deadline_at INTEGER NOT NULL,
  deleted_at  INTEGER CHECK (deleted_at IS NULL OR finished_at IS NOT NULL),
  -- When it may be claimed: queued: when it was created; under lease: when the lease runs out; postponed: when to go on.
  due_at      INTEGER NOT NULL,
  worker      TEXT, -- who holds the lease
  slots       TEXT  -- the counters that it took and gives back at its end, a JSON list; null: none
) STRICT;

-- Only unfinished generations are in these indexes, so claims and counts never read those that have ended.
CREATE INDEX generations_due ON generations (due_at) WHERE finished_at IS NULL;
CREATE INDEX generations_leased ON generations (worker) WHERE worker IS NOT NULL;
-- Lists, newest first. Without a status filter a list merges the five ranges, so that two indexes answer all four filters. Creation time
-- and inline stand after the order, so that counts by them read only the index and not the rows.
CREATE INDEX generations_by_status ON generations (account_id, dialect, mode, status, seq, created_at, inline)
  WHERE deleted_at IS NULL;
CREATE INDEX generations_by_model ON generations (account_id, dialect, mode, model, status, seq, created_at, inline)
  WHERE deleted_at IS NULL;
-- Usage of a period. Includes deleted generations, since their work was used all the same.
CREATE INDEX generations_by_time ON generations (account_id, mode, created_at);

-- The part that never changes, and that may be long.
CREATE TABLE generation_bodies (
  seq      INTEGER PRIMARY KEY, -- that of the generation
  input    TEXT NOT NULL,
  request  TEXT NOT NULL,
  metadata TEXT,
  webhook  TEXT,
  price    TEXT NOT NULL
) STRICT;

CREATE TABLE attempts (
  generation  INTEGER NOT NULL REFERENCES generations (seq),
  n           INTEGER NOT NULL,
  provider    TEXT NOT NULL,
  model       TEXT NOT NULL,
  upstream_id TEXT,
  outcome     TEXT,
  error_code  TEXT,
  error_raw   TEXT,
  started_at  INTEGER NOT NULL,
  ended_at    INTEGER,
  PRIMARY KEY (generation, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE slots (
  name TEXT PRIMARY KEY,
  used INTEGER NOT NULL CHECK (used >= 0)
) STRICT, WITHOUT ROWID;

-- Digests are random, so every insert goes to another page of their index. Therefore the index holds bytes and nothing else.
CREATE TABLE idempotency (
  seq         INTEGER PRIMARY KEY,
  digest      BLOB NOT NULL UNIQUE,
  fingerprint BLOB NOT NULL,
  target_id   TEXT NOT NULL,
  expires_at  INTEGER
) STRICT;
CREATE INDEX idempotency_expiring ON idempotency (expires_at) WHERE expires_at IS NOT NULL;

-- The ledger. Parts are never negative; the type gives the direction.
CREATE TABLE transfers (
  seq          INTEGER PRIMARY KEY,
  account_id   TEXT NOT NULL REFERENCES accounts (id),
  type         TEXT NOT NULL CHECK (type IN ('top_up', 'hold', 'capture', 'release', 'refund', 'adjustment')),
  subscription INTEGER NOT NULL CHECK (subscription >= 0),
  permanent    INTEGER NOT NULL CHECK (permanent >= 0),
  generation   INTEGER REFERENCES generations (seq),
  reference    TEXT,
  at           INTEGER NOT NULL,
  CHECK (subscription + permanent > 0),
  CHECK (type NOT IN ('hold', 'capture', 'release') OR generation IS NOT NULL)
) STRICT;

CREATE INDEX transfers_by_account ON transfers (account_id, seq);
-- At most one hold, one capture and one release for each generation, whatever the code does.
CREATE UNIQUE INDEX transfers_once ON transfers (generation, type) WHERE type IN ('hold', 'capture', 'release');
CREATE INDEX transfers_refunds ON transfers (generation) WHERE generation IS NOT NULL AND type IN ('refund', 'adjustment');
CREATE UNIQUE INDEX transfers_reference ON transfers (account_id, reference) WHERE reference IS NOT NULL AND type = 'top_up';

CREATE TRIGGER transfers_never_change BEFORE UPDATE ON transfers
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER transfers_never_go BEFORE DELETE ON transfers
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TABLE pending_top_ups (
  id         TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  dialect    TEXT NOT NULL,
  mode       TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  pack       TEXT NOT NULL,
  amount     INTEGER NOT NULL CHECK (amount > 0),
  details    TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  paid_at    INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE assets (
  id               TEXT PRIMARY KEY,
  account_id       TEXT NOT NULL REFERENCES accounts (id),
  dialect          TEXT NOT NULL,
  mode             TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  generation       INTEGER REFERENCES generations (seq),
  position         INTEGER NOT NULL,
  content_type     TEXT NOT NULL,
  bytes            INTEGER NOT NULL,
  width            INTEGER,
  height           INTEGER,
  duration_seconds REAL,
  fps              REAL,
  has_sound        INTEGER,
  sha256           TEXT NOT NULL,
  blob             TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX assets_of_generation ON assets (generation, position) WHERE generation IS NOT NULL;
CREATE INDEX assets_expiring ON assets (expires_at);
CREATE INDEX assets_by_blob ON assets (blob);

CREATE TABLE deliveries (
  seq             INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE,
  account_id      TEXT NOT NULL REFERENCES accounts (id),
  dialect         TEXT NOT NULL,
  mode            TEXT NOT NULL CHECK (mode IN ('live', 'test')),
  generation      INTEGER REFERENCES generations (seq),
  endpoint_id     TEXT,
  event           TEXT NOT NULL,
  url             TEXT NOT NULL,
  sealed_secret   TEXT CHECK (sealed_secret IS NULL OR status = 'pending'),
  status          TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
  attempts        TEXT NOT NULL,
  next_attempt_at INTEGER CHECK ((next_attempt_at IS NOT NULL) = (status = 'pending')),
  due_at          INTEGER CHECK ((due_at IS NOT NULL) = (status = 'pending')), -- as for generations
  worker          TEXT,
  created_at      INTEGER NOT NULL,
  body            TEXT NOT NULL
) STRICT;
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_leased ON deliveries (worker) WHERE worker IS NOT NULL;
CREATE INDEX deliveries_of_generation ON deliveries (generation) WHERE generation IS NOT NULL;
CREATE INDEX deliveries_of_endpoint ON deliveries (endpoint_id) WHERE endpoint_id IS NOT NULL;

CREATE TABLE webhook_endpoints (
  id         TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  dialect    TEXT NOT NULL,
  url        TEXT NOT NULL,
  events     TEXT NOT NULL,
  secrets    TEXT NOT NULL,
  status     TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_endpoints_of_account ON webhook_endpoints (account_id, dialect);

CREATE TABLE webhook_secrets (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  dialect    TEXT NOT NULL,
  mode       TEXT NOT NULL,
  sealed     TEXT NOT NULL,
  PRIMARY KEY (account_id, dialect, mode)
) STRICT, WITHOUT ROWID;

CREATE TABLE model_overrides (
  dialect TEXT NOT NULL,
  model   TEXT NOT NULL,
  patch   TEXT NOT NULL,
  PRIMARY KEY (dialect, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE published_models (
  dialect        TEXT NOT NULL,
  id             TEXT NOT NULL,
  account_id     TEXT NOT NULL REFERENCES accounts (id),
  name           TEXT NOT NULL,
  kind           TEXT NOT NULL,
  base           TEXT NOT NULL,
  route_provider TEXT NOT NULL,
  route_model    TEXT NOT NULL,
  created_at     INTEGER NOT NULL,
  PRIMARY KEY (dialect, id)
) STRICT;
CREATE INDEX published_models_of_account ON published_models (account_id, dialect);

CREATE TABLE audit (
  seq    INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
