-- What the last whole pass over a SICANTIK's list taught. It belongs to the server at that address, whoever reads it.
CREATE TABLE list_passes (
    address TEXT NOT NULL PRIMARY KEY,
    page_size BIGINT NOT NULL CHECK (page_size >= 0),
    took_ms BIGINT NOT NULL CHECK (took_ms >= 0)
) WITHOUT ROWID;
