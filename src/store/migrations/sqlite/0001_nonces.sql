-- Signed hooks that were received: a second one with the same nonce is a replay.
-- `signed_at` is the time stamp of the signature in Unix milliseconds.
CREATE TABLE hook_nonces (
    database_uuid TEXT NOT NULL,
    nonce TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    PRIMARY KEY (database_uuid, nonce)
) WITHOUT ROWID;
