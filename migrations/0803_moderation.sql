-- What people say is wrong with something. All open reports of one reason about one thing are one
-- row, with a voice for each who reported it.
CREATE TABLE reports (
  id @id,
  subject_kind @text NOT NULL,
  subject_id @whole NOT NULL,
  owner_id @whole NOT NULL,            -- of the thing, when it was reported; so title and address
  title @text NOT NULL,
  address @text NOT NULL,
  reason @text NOT NULL,
  state @text NOT NULL,                -- Pending, Processing, Actioned, Unactioned
  suggested_level @whole,              -- maturity bits, of the last who suggested any
  voices @whole NOT NULL,
  urgency @whole NOT NULL,             -- the queue is sorted by it
  detail @text NOT NULL,               -- of an automated one: what it matched
  created_at @whole NOT NULL,
  claimed_by @whole REFERENCES users (id) ON DELETE SET NULL,
  claimed_until @whole,
  decision_id @whole,
  decided_at @whole                    -- null = open
) @strict;
CREATE UNIQUE INDEX reports_open ON reports (subject_kind, subject_id, reason)
  WHERE decided_at IS NULL;
CREATE INDEX reports_queue ON reports (urgency DESC, id) WHERE decided_at IS NULL;
CREATE INDEX reports_decided ON reports (decided_at, id) WHERE decided_at IS NOT NULL;
CREATE INDEX reports_decision ON reports (decision_id);
CREATE INDEX reports_subject ON reports (subject_kind, subject_id);

CREATE TABLE report_voices (
  report_id @whole NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  level @whole,
  details @text NOT NULL,
  created_at @whole NOT NULL,
  PRIMARY KEY (report_id, user_id)
) @strict;
CREATE INDEX report_voices_user ON report_voices (user_id, created_at);

-- What moderators did about one thing or person, in steps that can be taken back together.
CREATE TABLE decisions (
  id @id,
  subject_kind @text NOT NULL,
  subject_id @whole NOT NULL,
  owner_id @whole NOT NULL,            -- whom it concerns, who may appeal
  title @text NOT NULL,
  address @text NOT NULL,
  moderator_id @whole NOT NULL,        -- outlives the account
  reason @text NOT NULL,
  message @text NOT NULL,              -- to the person concerned
  note @text NOT NULL,                 -- among moderators
  created_at @whole NOT NULL,
  undone_at @whole,
  undone_by @whole,
  undo_reason @text
) @strict;
CREATE INDEX decisions_owner ON decisions (owner_id, id);
CREATE INDEX decisions_subject ON decisions (subject_kind, subject_id, id);

CREATE TABLE decision_steps (
  decision_id @whole NOT NULL REFERENCES decisions (id) ON DELETE CASCADE,
  position @whole NOT NULL,
  act @text NOT NULL,
  level @whole,
  days @whole,
  points @whole,
  value @text,
  was @text NOT NULL,                  -- what it replaced, to undo it
  made_id @whole NOT NULL,             -- the mute, strike or blocklist row it made; 0 = none
  PRIMARY KEY (decision_id, position)
) @strict;

CREATE TABLE strikes (
  id @id,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  decision_id @whole NOT NULL,
  points @whole NOT NULL,
  state @text NOT NULL,                -- active, lapsed, voided
  created_at @whole NOT NULL,
  expires_at @whole NOT NULL,
  void_reason @text NOT NULL
) @strict;
CREATE INDEX strikes_user ON strikes (user_id, id);
CREATE INDEX strikes_due ON strikes (expires_at) WHERE state = 'active';

CREATE TABLE mutes (
  id @id,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  decision_id @whole NOT NULL,
  by_strikes @bool NOT NULL,           -- follows from points, and goes with them
  created_at @whole NOT NULL,
  ends_at @whole,                      -- null = until somebody reviews it
  ended_at @whole                      -- null = in force
) @strict;
CREATE INDEX mutes_user ON mutes (user_id, id);
CREATE INDEX mutes_due ON mutes (ends_at) WHERE ended_at IS NULL;

CREATE TABLE appeals (
  id @id,
  decision_id @whole NOT NULL UNIQUE REFERENCES decisions (id) ON DELETE CASCADE,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  text @text NOT NULL,
  state @text NOT NULL,                -- Pending, Upheld, Overturned
  created_at @whole NOT NULL,
  decided_by @whole,
  decided_at @whole,
  answer @text NOT NULL
) @strict;
CREATE INDEX appeals_state ON appeals (state, id);

-- What may not be kept here.
CREATE TABLE blocklist (
  id @id,
  kind @text NOT NULL,                 -- sha256, perceptual, domain, word
  value @text NOT NULL,                -- hex; lower-case domain; the word as compared
  shown @text NOT NULL,                -- as it was written
  distance @whole NOT NULL,            -- perceptual: bits that may differ
  response @text NOT NULL,             -- refuse, review
  note @text NOT NULL,
  created_by @whole NOT NULL,
  created_at @whole NOT NULL,
  UNIQUE (kind, value)
) @strict;
