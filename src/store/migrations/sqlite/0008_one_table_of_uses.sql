-- A use tells whom it reached, so that one table holds what two held.
CREATE TABLE limit_uses_anew (
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    scope TEXT NOT NULL,
    token TEXT NOT NULL,
    recipient TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (database_uuid, token, scope)
);
INSERT INTO limit_uses_anew SELECT used.database_uuid, used.scope, used.token, COALESCE(whom.recipient, ''), used.at
    FROM limit_uses AS used LEFT JOIN limit_recipients AS whom ON whom.database_uuid = used.database_uuid
        AND whom.scope = used.scope AND whom.token = used.token;
INSERT INTO limit_uses_anew SELECT database_uuid, scope, token, recipient, at FROM limit_recipients AS whom
    WHERE NOT EXISTS (SELECT 1 FROM limit_uses AS used WHERE used.database_uuid = whom.database_uuid
        AND used.scope = whom.scope AND used.token = whom.token);
DROP TABLE limit_recipients;
DROP TABLE limit_uses;
ALTER TABLE limit_uses_anew RENAME TO limit_uses;
CREATE INDEX limit_uses_at ON limit_uses (database_uuid, scope, at);
CREATE INDEX limit_uses_recipient ON limit_uses (database_uuid, scope, recipient, at);
UPDATE limit_counts SET
    uses = (SELECT COUNT(*) FROM limit_uses AS used
        WHERE used.database_uuid = limit_counts.database_uuid AND used.scope = limit_counts.scope),
    recipients = (SELECT COUNT(DISTINCT recipient) FROM limit_uses AS used
        WHERE used.database_uuid = limit_counts.database_uuid AND used.scope = limit_counts.scope);
