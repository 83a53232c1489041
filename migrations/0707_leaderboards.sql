-- What others did with a person's things, per day; one's own deeds are left out.
CREATE TABLE creator_days (
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind @text NOT NULL,                 -- of the thing: platform/subjects.hpp
  metric @text NOT NULL,
  day @whole NOT NULL,                 -- since 1970, UTC
  amount @whole NOT NULL,
  PRIMARY KEY (user_id, kind, metric, day)
) @strict;
CREATE INDEX creator_days_day ON creator_days (kind, metric, day, user_id);

CREATE TABLE leaderboard_rows (
  board @text NOT NULL,
  day @whole NOT NULL,
  position @whole NOT NULL,            -- 1 to 1000; equal scores share one
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  score @whole NOT NULL,
  PRIMARY KEY (board, day, user_id)
) @strict;
CREATE INDEX leaderboard_rows_position ON leaderboard_rows (board, day, position, user_id);
