CREATE TABLE collections (
  id @id,
  owner_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name @text NOT NULL,
  description @text NOT NULL,          -- plain text
  kind @text NOT NULL,                 -- what it holds: model, image, post
  read_mode @text NOT NULL,            -- Public, Unlisted, Private
  write_mode @text NOT NULL,           -- Private, Public, Review
  is_bookmarks @bool NOT NULL,
  cover_image_id @whole,
  nsfw_level @whole NOT NULL,          -- of the accepted items together; 1 while it has none
  item_count @whole NOT NULL,          -- accepted ones, seen by this viewer or not
  follower_count @whole NOT NULL,
  created_at @whole NOT NULL,
  updated_at @whole NOT NULL,
  taken_down_at @whole
) @strict;
CREATE INDEX collections_owner ON collections (owner_id, id);
CREATE UNIQUE INDEX collections_bookmarks ON collections (owner_id, kind) WHERE is_bookmarks;
CREATE INDEX collections_newest ON collections (id)
  WHERE read_mode = 'Public' AND taken_down_at IS NULL;
CREATE INDEX collections_followed ON collections (follower_count, id)
  WHERE read_mode = 'Public' AND taken_down_at IS NULL;

CREATE TABLE collection_items (
  id @id,
  collection_id @whole NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
  kind @text NOT NULL,
  subject_id @whole NOT NULL,
  added_by @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  status @text NOT NULL,               -- ACCEPTED, REVIEW, REJECTED
  level @whole NOT NULL,               -- of the subject when it was last looked at
  created_at @whole NOT NULL,
  decided_by @whole,
  decided_at @whole,
  UNIQUE (collection_id, subject_id)
) @strict;
CREATE INDEX collection_items_status ON collection_items (collection_id, status, id);
CREATE INDEX collection_items_subject ON collection_items (kind, subject_id);
CREATE INDEX collection_items_added ON collection_items (added_by, kind, subject_id);

CREATE TABLE collection_contributors (
  collection_id @whole NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  permission @text NOT NULL,           -- VIEW, ADD_REVIEW, ADD, MANAGE
  created_at @whole NOT NULL,
  PRIMARY KEY (collection_id, user_id)
) @strict;
CREATE INDEX collection_contributors_user ON collection_contributors (user_id, collection_id);

CREATE TABLE collection_followers (
  collection_id @whole NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at @whole NOT NULL,
  PRIMARY KEY (collection_id, user_id)
) @strict;
CREATE INDEX collection_followers_user ON collection_followers (user_id, collection_id);
