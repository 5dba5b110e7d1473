-- What the user wishes of the files that are made for a post; NULL wishes nothing in particular.
ALTER TABLE posts ADD COLUMN wishes TEXT CHECK (wishes IS NULL OR json_valid(wishes));
