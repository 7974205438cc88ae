-- A use tells whom it reached, so that one table holds what two held.
ALTER TABLE limit_uses ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
UPDATE limit_uses SET recipient = whom.recipient FROM limit_recipients AS whom
    WHERE whom.database_uuid = limit_uses.database_uuid AND whom.scope = limit_uses.scope
        AND whom.token = limit_uses.token;
INSERT INTO limit_uses (database_uuid, scope, token, recipient, at)
    SELECT database_uuid, scope, token, recipient, at FROM limit_recipients ON CONFLICT DO NOTHING;
DROP TABLE limit_recipients;
ALTER TABLE limit_uses
    ALTER COLUMN recipient DROP DEFAULT,
    DROP CONSTRAINT limit_uses_pkey,
    ADD PRIMARY KEY (database_uuid, token, scope);
CREATE INDEX limit_uses_recipient ON limit_uses (database_uuid, scope, recipient, at);
UPDATE limit_counts SET
    uses = (SELECT COUNT(*) FROM limit_uses AS used
        WHERE used.database_uuid = limit_counts.database_uuid AND used.scope = limit_counts.scope),
    recipients = (SELECT COUNT(DISTINCT recipient) FROM limit_uses AS used
        WHERE used.database_uuid = limit_counts.database_uuid AND used.scope = limit_counts.scope);
