CREATE TABLE reactions (
  kind @text NOT NULL,                 -- of platform/subjects.hpp
  subject_id @whole NOT NULL,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  reaction @text NOT NULL,             -- Like, Dislike, Laugh, Cry, Heart
  created_at @whole NOT NULL,
  PRIMARY KEY (kind, subject_id, user_id, reaction)
) @strict;
CREATE INDEX reactions_user ON reactions (user_id, kind, subject_id);
