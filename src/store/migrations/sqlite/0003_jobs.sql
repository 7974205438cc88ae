-- Work that is born in the worker. Times are the database's, in Unix milliseconds.
-- `due_at` is the time from which on a job may be claimed: its own while it waits, the end of the lease while it runs.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    configuration BIGINT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'dead')),
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    max_attempts BIGINT NOT NULL CHECK (max_attempts > 0),
    lease_token TEXT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (database_uuid, configuration, kind, key)
);
CREATE INDEX jobs_due ON jobs (database_uuid, kind, due_at, id) WHERE state IN ('waiting', 'running');
