-- The outbox. Positions rise in commit order: SQLite has one writer, on PostgreSQL one sequencer
-- moves committed rows out of events_inbox. The newest row is never deleted, so positions are
-- never given out twice.
CREATE TABLE events (
  position @id,
  at @whole NOT NULL,
  noun @text NOT NULL,
  verb @text NOT NULL,
  subject @whole NOT NULL,
  actor @whole NOT NULL,  -- users.id; 0 = the house
  process @whole NOT NULL  -- random number of the process that published it
) @strict;

-- only: postgres
CREATE TABLE events_inbox (
  id @id,
  at @whole NOT NULL,
  noun @text NOT NULL,
  verb @text NOT NULL,
  subject @whole NOT NULL,
  actor @whole NOT NULL,
  process @whole NOT NULL
);
-- end

-- How far each durable consumer has read.
CREATE TABLE event_cursors (
  name @text PRIMARY KEY,
  position @whole NOT NULL,
  rebuild @bool NOT NULL,  -- events it had not read were deleted: it must read SQL from scratch
  moved_at @whole NOT NULL
) @strict;
