-- What search does not hold durably yet. A row goes when its index has written it down, so whatever
-- ends the server in between, the change is made again.
CREATE TABLE search_changes (
  kind @text NOT NULL,                 -- of platform/searchables.hpp
  id @whole NOT NULL,
  action @text NOT NULL,               -- document: read it again; numbers: only its counts
  position @whole NOT NULL,            -- of the last event that asked for it
  state @text NOT NULL,                -- queued, failed
  attempts @whole NOT NULL,
  next_at @whole NOT NULL,             -- of a failed one: it is tried again then
  reason @text NOT NULL,               -- of a failed one: why, for administrators
  queued_at @whole NOT NULL,
  PRIMARY KEY (kind, id, action)
) @strict;
CREATE INDEX search_changes_order ON search_changes (kind, state, action, position, id);

CREATE TABLE search_indexes (
  kind @text PRIMARY KEY,
  position @whole NOT NULL,            -- the last event whose changes it held durably
  rebuilt_at @whole,
  audited_at @whole,
  drifted @whole NOT NULL              -- documents the last audit had to mend
) @strict;

-- Who this database is: an index of another one is not believed.
CREATE TABLE search_origin (
  one @whole PRIMARY KEY,
  origin @text NOT NULL
) @strict;
