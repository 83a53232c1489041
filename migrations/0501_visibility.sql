-- What a member does not want to see. A block between two people makes a row for each of them.
CREATE TABLE hidden (
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind @text NOT NULL,                 -- user, tag, model, image
  subject_id @whole NOT NULL,
  reason @text NOT NULL,               -- hidden (lists only), blocked (by user_id), blocked_by
  created_at @whole NOT NULL,
  PRIMARY KEY (user_id, kind, subject_id, reason)
) @strict;
CREATE INDEX hidden_subject ON hidden (kind, subject_id);
