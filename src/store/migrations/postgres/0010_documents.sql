-- Bytes that lie in the place of files, each once: where, and the key that opens them, sealed to the master key. `sha256` and `size` are those of the clear bytes.
CREATE TABLE objects (
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    place_key TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    fingerprint TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (database_uuid, sha256)
);
-- Versions of documents: a row is never changed. Two may be the same bytes.
CREATE TABLE document_versions (
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    version_uuid TEXT NOT NULL,
    document_uuid TEXT NOT NULL,
    number BIGINT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('original', 'stamped', 'signed')),
    sha256 TEXT NOT NULL,
    made_by TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (database_uuid, version_uuid)
);
CREATE INDEX document_versions_sha256 ON document_versions (database_uuid, sha256);
