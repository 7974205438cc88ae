-- A job's lane, urgency and end of life, and whether what must not be done twice has begun.
ALTER TABLE jobs
    ADD COLUMN lane TEXT NOT NULL DEFAULT '',
    ADD COLUMN priority BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN expires_at BIGINT,
    ADD COLUMN begun_at BIGINT,
    DROP CONSTRAINT jobs_state_check,
    ADD CONSTRAINT jobs_state_check
        CHECK (state IN ('waiting', 'running', 'done', 'dead', 'unknown', 'cancelled'));
DROP INDEX jobs_due;
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
