-- The due time the user asked for, once lateness has moved it.
ALTER TABLE publications ADD COLUMN postponed_from INTEGER;
-- What was sent in a window of time, for quotas and for the distance between posts of one account.
CREATE INDEX publication_events_final_calls ON publication_events (at) WHERE to_state = 'publishing';
