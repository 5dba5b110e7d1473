-- The record of Daypart. Times are microseconds since 1970-01-01T00:00:00Z, ids are UUID texts, documents are
-- JSON. There is no column for a secret: tokens and upload URLs live in the vault.

CREATE TABLE assets (
    id              TEXT PRIMARY KEY,
    path            TEXT NOT NULL UNIQUE,
    identity        TEXT CHECK (identity IS NULL OR json_valid(identity)),
    state           TEXT NOT NULL CHECK (state IN ('probing', 'ready', 'refused')),
    -- Media info when ready, the problem when refused.
    facts           TEXT CHECK (facts IS NULL OR json_valid(facts)),
    poster_file     TEXT,
    added_at        INTEGER NOT NULL,
    removed_at      INTEGER,
    CHECK ((state = 'probing') = (facts IS NULL))
) STRICT;

CREATE TABLE accounts (
    id                TEXT PRIMARY KEY,
    platform          TEXT NOT NULL,
    realm             TEXT NOT NULL CHECK (realm IN ('practice', 'real')),
    remote_user_id    TEXT NOT NULL,
    display_name      TEXT NOT NULL,
    avatar_url        TEXT,
    granted_scopes    TEXT NOT NULL CHECK (json_valid(granted_scopes)),
    -- The problem when the account needs to be connected again.
    health_problem    TEXT CHECK (health_problem IS NULL OR json_valid(health_problem)),
    connected_at      INTEGER NOT NULL,
    disconnected_at   INTEGER,
    UNIQUE (platform, realm, remote_user_id)
) STRICT;

-- Practice and real never mix: an account keeps its realm, its platform and its user for life.
CREATE TRIGGER account_identity_is_for_life
BEFORE UPDATE OF id, platform, realm, remote_user_id ON accounts
WHEN old.id <> new.id OR old.platform <> new.platform OR old.realm <> new.realm
    OR old.remote_user_id <> new.remote_user_id
BEGIN
    SELECT RAISE(ABORT, 'an account keeps its identity');
END;

CREATE TABLE posts (
    id            TEXT PRIMARY KEY,
    asset_id      TEXT REFERENCES assets (id),
    caption       TEXT NOT NULL,
    schedule      TEXT CHECK (schedule IS NULL OR json_valid(schedule)),
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    deleted_at    INTEGER
) STRICT;

CREATE INDEX posts_by_asset ON posts (asset_id);
CREATE INDEX posts_by_change ON posts (updated_at) WHERE deleted_at IS NULL;

CREATE TABLE publications (
    id            TEXT PRIMARY KEY,
    post_id       TEXT NOT NULL REFERENCES posts (id),
    account_id    TEXT NOT NULL REFERENCES accounts (id),
    content       TEXT NOT NULL CHECK (json_valid(content)),
    state         TEXT NOT NULL,
    needs_user    TEXT CHECK (needs_user IS NULL OR json_valid(needs_user)),
    problem       TEXT CHECK (problem IS NULL OR json_valid(problem)),
    due_at        INTEGER,
    lateness      TEXT NOT NULL CHECK (json_valid(lateness)),
    remote        TEXT CHECK (remote IS NULL OR json_valid(remote)),
    receipt       TEXT CHECK (receipt IS NULL OR json_valid(receipt)),
    warnings      TEXT NOT NULL CHECK (json_valid(warnings)),
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    -- One post goes to an account once.
    UNIQUE (post_id, account_id)
) STRICT;

CREATE INDEX publications_by_state ON publications (state);
CREATE INDEX publications_by_account ON publications (account_id);

CREATE TABLE publication_events (
    sequence          INTEGER PRIMARY KEY AUTOINCREMENT,
    publication_id    TEXT NOT NULL REFERENCES publications (id) ON DELETE CASCADE,
    at                INTEGER NOT NULL,
    from_state        TEXT,
    to_state          TEXT NOT NULL,
    actor             TEXT NOT NULL,
    reason            TEXT NOT NULL
) STRICT;

CREATE INDEX publication_events_by_publication ON publication_events (publication_id);

-- The public part of an open upload.
CREATE TABLE uploads (
    publication_id     TEXT PRIMARY KEY REFERENCES publications (id) ON DELETE CASCADE,
    handle             TEXT NOT NULL CHECK (json_valid(handle)),
    plan               TEXT NOT NULL CHECK (json_valid(plan)),
    media_path         TEXT NOT NULL,
    media_identity     TEXT NOT NULL CHECK (json_valid(media_identity)),
    mime               TEXT NOT NULL,
    confirmed_bytes    INTEGER NOT NULL CHECK (confirmed_bytes >= 0),
    opened_at          INTEGER NOT NULL,
    expires_at         INTEGER
) STRICT;

CREATE TABLE renditions (
    key        TEXT PRIMARY KEY,
    path       TEXT NOT NULL,
    info       TEXT NOT NULL CHECK (json_valid(info)),
    made_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE jobs (
    id                  TEXT PRIMARY KEY,
    kind                TEXT NOT NULL,
    asset_id            TEXT REFERENCES assets (id) ON DELETE CASCADE,
    publication_id      TEXT REFERENCES publications (id) ON DELETE CASCADE,
    state               TEXT NOT NULL,
    available_at        INTEGER NOT NULL,
    counted_attempts    INTEGER NOT NULL DEFAULT 0 CHECK (counted_attempts >= 0),
    polls               INTEGER NOT NULL DEFAULT 0 CHECK (polls >= 0),
    leased_by           TEXT,
    CHECK ((asset_id IS NULL) <> (publication_id IS NULL)),
    -- A lease and the running state are one fact.
    CHECK ((state = 'running') = (leased_by IS NOT NULL))
) STRICT;

-- At most one unfinished job of a kind about a subject.
CREATE UNIQUE INDEX one_unfinished_job ON jobs (kind, coalesce(asset_id, publication_id))
WHERE state NOT IN ('completed', 'cancelled', 'discarded');

CREATE INDEX jobs_due ON jobs (available_at) WHERE state IN ('scheduled', 'available', 'retryable');
CREATE INDEX jobs_leased ON jobs (leased_by) WHERE leased_by IS NOT NULL;
CREATE INDEX jobs_by_asset ON jobs (asset_id) WHERE asset_id IS NOT NULL;
CREATE INDEX jobs_by_publication ON jobs (publication_id) WHERE publication_id IS NOT NULL;

CREATE TABLE attempts (
    sequence      INTEGER PRIMARY KEY AUTOINCREMENT,
    id            TEXT NOT NULL UNIQUE,
    job_id        TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    owner_id      TEXT NOT NULL,
    started_at    INTEGER NOT NULL,
    ended_at      INTEGER,
    outcome       TEXT,
    problem       TEXT CHECK (problem IS NULL OR json_valid(problem))
) STRICT;

CREATE INDEX attempts_by_job ON attempts (job_id);

CREATE TABLE attempt_lines (
    sequence      INTEGER PRIMARY KEY AUTOINCREMENT,
    attempt_id    TEXT NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    at            INTEGER NOT NULL,
    line          TEXT NOT NULL
) STRICT;

CREATE INDEX attempt_lines_by_attempt ON attempt_lines (attempt_id);

CREATE TABLE settings (
    key      TEXT PRIMARY KEY,
    value    TEXT NOT NULL
) STRICT;
