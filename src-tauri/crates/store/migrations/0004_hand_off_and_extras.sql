-- Whether the platform may hold the time, where it can; and what is added to a post once it is live (documents of
-- key and state).
ALTER TABLE publications ADD COLUMN hand_off INTEGER NOT NULL DEFAULT 1 CHECK (hand_off IN (0, 1));
ALTER TABLE publications ADD COLUMN extras TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(extras));
-- Set when the upload was opened for the platform to publish by itself at this time.
ALTER TABLE uploads ADD COLUMN publish_at INTEGER;
