CREATE TABLE follows (
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  followed_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at @whole NOT NULL,
  PRIMARY KEY (user_id, followed_id)
) @strict;
CREATE INDEX follows_followed ON follows (followed_id, user_id);
