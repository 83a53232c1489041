CREATE TABLE reviews (
  id @id,
  version_id @whole NOT NULL REFERENCES model_versions (id) ON DELETE CASCADE,
  model_id @whole NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  recommended @bool NOT NULL,
  rating @whole NOT NULL,              -- 1 to 5
  details @text NOT NULL,              -- Markdown, as written
  details_html @text NOT NULL,
  created_at @whole NOT NULL,
  edited_at @whole,
  excluded_at @whole,                  -- by a moderator: shown, but not counted
  taken_down_at @whole,                -- by a moderator: not shown
  reaction_count @whole NOT NULL,
  comment_count @whole NOT NULL,
  UNIQUE (version_id, user_id)
) @strict;
CREATE INDEX reviews_version ON reviews (version_id, id);
CREATE INDEX reviews_model ON reviews (model_id, id);
CREATE INDEX reviews_user ON reviews (user_id, id);

-- How many counted reviews gave which rating; thumbs are metrics.
CREATE TABLE review_ratings (
  kind @text NOT NULL,                 -- model, version
  subject_id @whole NOT NULL,
  rating @whole NOT NULL,
  amount @whole NOT NULL,
  PRIMARY KEY (kind, subject_id, rating)
) @strict;
