-- Written when somebody asks whether the store can be written: the row of the last check.
CREATE TABLE store_checks (
    id TEXT NOT NULL PRIMARY KEY,
    payload BLOB NOT NULL
);
