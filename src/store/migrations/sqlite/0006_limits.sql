-- A job's lane, urgency and end of life, and whether what must not be done twice has begun.
CREATE TABLE jobs_anew (
    id INTEGER PRIMARY KEY,
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    configuration BIGINT NOT NULL,
    kind TEXT NOT NULL,
    lane TEXT NOT NULL DEFAULT '',
    key TEXT NOT NULL,
    payload TEXT NOT NULL,
    priority BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'done', 'dead', 'unknown', 'cancelled')),
    due_at BIGINT NOT NULL,
    expires_at BIGINT,
    attempts BIGINT NOT NULL DEFAULT 0,
    max_attempts BIGINT NOT NULL CHECK (max_attempts > 0),
    lease_token TEXT,
    begun_at BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (database_uuid, configuration, kind, key)
);
INSERT INTO jobs_anew
    (id, database_uuid, configuration, kind, key, payload, state, due_at, attempts, max_attempts, lease_token, last_error,
     created_at, ended_at)
    SELECT id, database_uuid, configuration, kind, key, payload, state, due_at, attempts, max_attempts, lease_token,
        last_error, created_at, ended_at
    FROM jobs;
DROP TABLE jobs;
ALTER TABLE jobs_anew RENAME TO jobs;
CREATE INDEX jobs_due ON jobs (database_uuid, kind, lane, priority, due_at, id) WHERE state IN ('waiting', 'running');
CREATE INDEX jobs_running ON jobs (database_uuid, kind, due_at) WHERE state = 'running';
CREATE INDEX jobs_expiring ON jobs (database_uuid, kind, expires_at) WHERE state = 'waiting' AND expires_at IS NOT NULL;

-- What was done within a scope in the last day, such as a telephone number that messages are sent from. `at` is the
-- latest time at which it can have arrived. `counts` has how many rows of the other two there are.
CREATE TABLE limit_uses (
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    scope TEXT NOT NULL,
    token TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (database_uuid, scope, token)
);
CREATE INDEX limit_uses_at ON limit_uses (database_uuid, scope, at);
CREATE TABLE limit_recipients (
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    scope TEXT NOT NULL,
    recipient TEXT NOT NULL,
    token TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (database_uuid, scope, recipient)
);
CREATE INDEX limit_recipients_at ON limit_recipients (database_uuid, scope, at);
CREATE TABLE limit_counts (
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    scope TEXT NOT NULL,
    uses BIGINT NOT NULL,
    recipients BIGINT NOT NULL,
    PRIMARY KEY (database_uuid, scope)
);

-- Scopes in which nothing is done until then.
CREATE TABLE holds (
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    scope TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (database_uuid, scope)
);
