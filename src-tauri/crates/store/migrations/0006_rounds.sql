-- The last look at each account: when, with what answer, and until when its sign-in lasts.
CREATE TABLE account_checks (
    account_id         TEXT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    asked_at           INTEGER NOT NULL,
    answered_at        INTEGER,
    problem            TEXT CHECK (problem IS NULL OR json_valid(problem)),
    sign_in_ends_at    INTEGER,
    told_end           INTEGER
) STRICT;

-- The daily rounds look for what is old.
CREATE INDEX publications_by_change ON publications (updated_at);
