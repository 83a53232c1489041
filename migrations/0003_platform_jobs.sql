CREATE TABLE jobs (
  id @id,
  kind @text NOT NULL,
  state @text NOT NULL,             -- a label of platform::JobState
  arguments @json NOT NULL,
  priority @whole NOT NULL,
  run_at @whole NOT NULL,
  attempt @whole NOT NULL,          -- claims so far; a shutdown takes its claim back
  token @whole NOT NULL,            -- fencing: rises with every claim
  node @text NOT NULL,              -- who claimed it last
  lease_until @whole NOT NULL,      -- by the database's clock
  cancel_asked @bool NOT NULL,
  unique_key @text,
  owner_id @whole NOT NULL,       -- users.id; 0 = the house. No reference: a job outlives its owner
  error @text NOT NULL,             -- of the last failed attempt
  progress_done @whole NOT NULL,
  progress_total @whole NOT NULL,
  progress_note @text NOT NULL,
  created_at @whole NOT NULL,
  started_at @whole,
  finished_at @whole                -- completed, failed or cancelled
) @strict;
CREATE INDEX jobs_pending ON jobs (kind, priority DESC, run_at, id) WHERE state = 'pending';
CREATE INDEX jobs_waiting ON jobs (run_at) WHERE state IN ('scheduled', 'retrying');
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'processing';
CREATE INDEX jobs_completed ON jobs (finished_at, kind) WHERE state = 'completed';
CREATE INDEX jobs_dead ON jobs (finished_at) WHERE state IN ('failed', 'cancelled');
CREATE UNIQUE INDEX jobs_unique ON jobs (kind, unique_key)
  WHERE unique_key IS NOT NULL AND finished_at IS NULL;

-- The newest cron slot of each kind that somebody took, so that several nodes run a slot once.
CREATE TABLE job_slots (
  kind @text PRIMARY KEY,
  slot @whole NOT NULL
) @strict;
