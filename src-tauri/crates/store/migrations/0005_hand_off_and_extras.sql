-- What is added to a post once it is live (documents of key and state).
ALTER TABLE publications ADD COLUMN extras TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(extras));
-- Set when the upload was opened for the platform to publish by itself at this time.
ALTER TABLE uploads ADD COLUMN publish_at INTEGER;
