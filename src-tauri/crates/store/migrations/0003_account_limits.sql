-- What the platform last said this account may send (limits of its own); NULL where it told nothing.
ALTER TABLE accounts ADD COLUMN limits TEXT CHECK (limits IS NULL OR json_valid(limits));
