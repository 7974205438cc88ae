-- When the attempt began of which nobody knows what became.
ALTER TABLE messages ADD COLUMN begun_at BIGINT;
