-- What members asked to have made, and the programs that make it. A generation is divided into
-- steps, one order for a backend each; an attempt is a step given to a backend, written down
-- before anything is sent; an artifact is a picture that was delivered, each once.
CREATE TABLE generation_backends (
  id @id,
  name @text NOT NULL,
  protocol @text NOT NULL,             -- sketch, comfyui, automatic1111, openai
  url @text NOT NULL,                  -- '' for the built-in painter
  token @text NOT NULL,                -- '' = none; never shown
  model @text NOT NULL,                -- of protocols that cannot list theirs
  draining @bool NOT NULL,             -- gets no new work
  health @text NOT NULL,               -- generation::BackendHealth, the circuit breaker
  failures @whole NOT NULL,            -- one after another
  retry_at @whole NOT NULL,            -- while open: when it is tried again
  problem @text NOT NULL,
  offer @json NOT NULL,                -- what it said it can; '' = never asked
  probed_at @whole NOT NULL,           -- 0 = never
  resident @text NOT NULL,             -- the model that it used last
  created_at @whole NOT NULL
) @strict;
INSERT INTO generation_backends (name, protocol, url, token, model, draining, health, failures,
  retry_at, problem, offer, probed_at, resident, created_at)
SELECT 'Sketch', 'sketch', '', '', '', 0 = 1, 'closed', 0, 0, '', '', 0, '', 0;

-- Milliseconds as they were measured, averaged with the newest counting most.
CREATE TABLE generation_speeds (
  backend_id @whole NOT NULL REFERENCES generation_backends (id) ON DELETE CASCADE,
  model @text NOT NULL,
  size_class @whole NOT NULL,          -- doublings of the pixels; -1 = loading the model
  milliseconds @real NOT NULL,         -- of one megapixel through one sampling step
  samples @whole NOT NULL,
  PRIMARY KEY (backend_id, model, size_class)
) @strict;

-- Fair queueing: where each member's last piece of work ends in virtual device-seconds, and how
-- far the service has come (user 0). Steps keep the tags they were written with; what their
-- member used more or less than was estimated shifts all of them.
CREATE TABLE generation_shares (
  user_id @whole PRIMARY KEY,
  finish @real NOT NULL,
  shift @real NOT NULL
) @strict;

CREATE TABLE generation_templates (
  id @id,
  name @text NOT NULL,
  detail @text NOT NULL,
  graph @text NOT NULL,                -- ComfyUI's executable form
  workflow @text NOT NULL,             -- its editor document; '' = none
  parameters @json NOT NULL,           -- generation::TemplateParameter[]
  created_by @whole NOT NULL,
  created_at @whole NOT NULL,
  updated_at @whole NOT NULL
) @strict;

CREATE TABLE generations (
  id @id,
  owner_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  workflow @text NOT NULL,
  status @text NOT NULL,               -- generation::GenerationStatus
  request @json NOT NULL,              -- as admitted, with its defaults filled in
  priority @text NOT NULL,
  favourite @bool NOT NULL,
  remix_of @whole REFERENCES images (id) ON DELETE SET NULL,
  template_id @whole REFERENCES generation_templates (id) ON DELETE SET NULL,
  reserved @whole NOT NULL,            -- of the ledger's unit, at submission
  charged @whole NOT NULL,
  problem_code @text NOT NULL,
  problem @text NOT NULL,
  created_at @whole NOT NULL,
  started_at @whole,
  finished_at @whole,
  expires_at @whole NOT NULL
) @strict;
CREATE INDEX generations_owner ON generations (owner_id, id);
CREATE INDEX generations_open ON generations (expires_at) WHERE finished_at IS NULL;
CREATE INDEX generations_remix ON generations (remix_of) WHERE remix_of IS NOT NULL;
CREATE INDEX generations_template ON generations (template_id) WHERE template_id IS NOT NULL;

CREATE TABLE generation_tags (
  generation_id @whole NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
  tag @text NOT NULL,
  PRIMARY KEY (generation_id, tag)
) @strict;
CREATE INDEX generation_tags_tag ON generation_tags (tag, generation_id);

CREATE TABLE generation_steps (
  id @id,
  generation_id @whole NOT NULL REFERENCES generations (id) ON DELETE CASCADE,
  owner_id @whole NOT NULL,
  position @whole NOT NULL,
  status @text NOT NULL,
  piece @json NOT NULL,                -- generation::Piece
  tag @real NOT NULL,                  -- where it begins in virtual device-seconds, less the shift
  weight @real NOT NULL,
  estimated_ms @real NOT NULL,         -- device time that the tag was counted with
  price @whole NOT NULL,               -- of one picture
  ready_at @whole NOT NULL,            -- not given to a backend before
  memory_min @whole NOT NULL,          -- bytes: more than the devices it did not fit into
  killed @whole NOT NULL,              -- backends that went away while they worked on it
  progress @real NOT NULL,             -- 0 to 1
  problem_code @text NOT NULL,
  problem @text NOT NULL,
  created_at @whole NOT NULL,
  started_at @whole,
  finished_at @whole
) @strict;
CREATE UNIQUE INDEX generation_steps_generation ON generation_steps (generation_id, position);
CREATE INDEX generation_steps_waiting ON generation_steps (owner_id, tag, id, ready_at)
  WHERE status = 'queued';

CREATE TABLE generation_attempts (
  id @id,
  step_id @whole NOT NULL REFERENCES generation_steps (id) ON DELETE CASCADE,
  number @whole NOT NULL,              -- from 1
  backend_id @whole REFERENCES generation_backends (id) ON DELETE SET NULL,
  backend_name @text NOT NULL,
  key @text NOT NULL UNIQUE,           -- what the backend knows it by
  state @text NOT NULL,                -- generation::AttemptState
  handle @text NOT NULL,               -- '' until the backend took it
  trouble @text NOT NULL,              -- code of what went wrong; '' = nothing
  detail @text NOT NULL,
  note @text NOT NULL,                 -- what differs from what was asked
  model @text NOT NULL,                -- as that backend names it
  predicted_ms @real NOT NULL,
  swaps @bool NOT NULL,                -- another model was resident
  created_at @whole NOT NULL,
  submitted_at @whole,
  finished_at @whole
) @strict;
CREATE UNIQUE INDEX generation_attempts_step ON generation_attempts (step_id, number);
CREATE INDEX generation_attempts_backend ON generation_attempts (backend_id);
CREATE INDEX generation_attempts_open ON generation_attempts (id) WHERE finished_at IS NULL;

CREATE TABLE generation_artifacts (
  step_id @whole NOT NULL REFERENCES generation_steps (id) ON DELETE CASCADE,
  position @whole NOT NULL,
  attempt_id @whole NOT NULL REFERENCES generation_attempts (id) ON DELETE CASCADE,
  image_id @whole REFERENCES images (id) ON DELETE SET NULL,
  seed @text NOT NULL,                 -- decimal: 0 to 2^64-1
  created_at @whole NOT NULL,
  PRIMARY KEY (step_id, position)
) @strict;
CREATE INDEX generation_artifacts_attempt ON generation_artifacts (attempt_id);
CREATE INDEX generation_artifacts_image ON generation_artifacts (image_id);

-- What was set aside for a thing and what was taken of it. Balances are not kept here.
CREATE TABLE generation_holds (
  reference @text PRIMARY KEY,
  user_id @whole NOT NULL,             -- no reference: the record outlives the member
  reserved @whole NOT NULL,
  settled @whole NOT NULL,
  released @whole NOT NULL,
  opened_at @whole NOT NULL,
  closed_at @whole
) @strict;
CREATE TABLE generation_charges (
  reference @text NOT NULL,
  item @text NOT NULL,
  amount @whole NOT NULL,
  at @whole NOT NULL,
  PRIMARY KEY (reference, item)
) @strict;
