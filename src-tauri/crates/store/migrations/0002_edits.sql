-- What is changed about the video before it is sent (the edit document); NULL leaves it as it is.
ALTER TABLE posts ADD COLUMN edit TEXT CHECK (edit IS NULL OR json_valid(edit));
