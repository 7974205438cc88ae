-- The master key that seals the store's secrets, by its fingerprint: one, or none before the first start.
CREATE TABLE master_keys (
    slot INTEGER NOT NULL PRIMARY KEY CHECK (slot = 1),
    fingerprint TEXT NOT NULL
);
-- Secrets of a database of Odoo, each sealed to the master key under its name. `set_at` is the database's time in Unix milliseconds.
CREATE TABLE secrets (
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    name TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    fingerprint TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (database_uuid, name)
);
