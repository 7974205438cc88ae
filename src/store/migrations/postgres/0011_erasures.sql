-- When the bytes of a version were erased; its row stays.
ALTER TABLE document_versions ADD COLUMN erased_at BIGINT;
-- Objects that no version needs any more, until they are gone from the place of files.
CREATE TABLE objects_to_remove (
    database_uuid TEXT NOT NULL CHECK (database_uuid <> ''),
    place_key TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (database_uuid, place_key)
);
CREATE INDEX objects_to_remove_sha256 ON objects_to_remove (database_uuid, sha256);
