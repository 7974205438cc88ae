-- Messages to people, and where each stands. What one says, and to whom, stands in its job until it has gone out.
-- `key` is the hash of what makes two messages the same one; `told` the revision that Odoo knows.
CREATE TABLE messages (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    key TEXT NOT NULL,
    configuration BIGINT NOT NULL,
    account TEXT NOT NULL,
    order_uuid TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    provider_id TEXT,
    state TEXT NOT NULL
        CHECK (state IN ('waiting', 'unknown', 'accepted', 'sent', 'cancelled', 'expired', 'failed', 'delivered', 'read')),
    at BIGINT NOT NULL,
    why TEXT,
    code TEXT,
    detail TEXT,
    category TEXT,
    revision BIGINT NOT NULL DEFAULT 1,
    told BIGINT NOT NULL DEFAULT 0,
    UNIQUE (database_uuid, key)
);
CREATE INDEX messages_untold ON messages (database_uuid, id) WHERE told < revision;
CREATE INDEX messages_waiting ON messages (database_uuid, id) WHERE state = 'waiting';
CREATE INDEX messages_provider ON messages (database_uuid, account, provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX messages_order ON messages (database_uuid, order_uuid);

-- What providers told, until it is understood. `message` is the provider's id of the message that it is about,
-- `reference` ours.
CREATE TABLE message_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    account TEXT NOT NULL,
    kind TEXT NOT NULL,
    message TEXT NOT NULL,
    reference TEXT,
    digest TEXT NOT NULL,
    event TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    UNIQUE (database_uuid, account, digest)
);
CREATE INDEX message_events_received ON message_events (database_uuid, received_at);

-- The accounts that messages go by, as Odoo told them, and what their providers said of them.
CREATE TABLE message_accounts (
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    uuid TEXT NOT NULL,
    settings TEXT NOT NULL,
    daily_limit BIGINT,
    PRIMARY KEY (database_uuid, uuid)
);

CREATE INDEX jobs_ended ON jobs (database_uuid, kind) WHERE ended_at IS NOT NULL;
