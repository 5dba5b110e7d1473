-- Set while the user holds a publication back; and when it was put before the others.
ALTER TABLE publications ADD COLUMN paused_at INTEGER;
ALTER TABLE publications ADD COLUMN first_at INTEGER;
-- When sending starts, and why then.
ALTER TABLE publications ADD COLUMN sending_plan TEXT CHECK (sending_plan IS NULL OR json_valid(sending_plan));

-- At most one row: since when all transfers are held back.
CREATE TABLE transfers_paused (
    only      INTEGER PRIMARY KEY CHECK (only = 1),
    paused_at INTEGER NOT NULL
) STRICT;

-- What sends or publishes and may not now.
CREATE VIEW held_jobs AS
SELECT jobs.id FROM jobs
WHERE jobs.kind IN ('upload', 'publish')
  AND (EXISTS (SELECT 1 FROM transfers_paused)
       OR EXISTS (SELECT 1 FROM publications
                  WHERE publications.id = jobs.publication_id AND publications.paused_at IS NOT NULL));
