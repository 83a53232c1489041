CREATE TABLE posts (
  id @id,
  owner_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  version_id @whole REFERENCES model_versions (id) ON DELETE SET NULL,  -- whose gallery it is in
  title @text NOT NULL,                -- may be ''
  detail @text NOT NULL,               -- as written, Markdown
  detail_html @text NOT NULL,          -- as shown, through the sanitizer
  status @text NOT NULL,               -- Draft, Scheduled, Published, TakenDown
  taken_down_from @text,               -- of a taken down one: the status it had
  taken_down_reason @text NOT NULL,
  nsfw_level @whole NOT NULL,          -- maturity bits of its images
  nsfw_locked @whole,                  -- by a moderator: stays this
  image_count @whole NOT NULL,         -- that are not in the bin
  is_demo @bool NOT NULL,
  created_at @whole NOT NULL,
  updated_at @whole NOT NULL,
  published_at @whole,                 -- of a scheduled one: when it will be
  deleted_at @whole,
  like_count @whole NOT NULL,
  dislike_count @whole NOT NULL,
  laugh_count @whole NOT NULL,
  cry_count @whole NOT NULL,
  heart_count @whole NOT NULL,
  reaction_count @whole NOT NULL,      -- the five, but for dislikes
  comment_count @whole NOT NULL,
  collected_count @whole NOT NULL
) @strict;
CREATE INDEX posts_owner ON posts (owner_id, id);
CREATE INDEX posts_version ON posts (version_id, id);
CREATE INDEX posts_newest ON posts (published_at, id)
  WHERE deleted_at IS NULL AND status = 'Published';
CREATE INDEX posts_reactions ON posts (reaction_count, id)
  WHERE deleted_at IS NULL AND status = 'Published';
CREATE INDEX posts_scheduled ON posts (published_at) WHERE status = 'Scheduled';
CREATE INDEX posts_bin ON posts (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE post_tags (
  post_id @whole NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  tag_id @whole NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
  position @whole NOT NULL,
  PRIMARY KEY (post_id, tag_id)
) @strict;
CREATE INDEX post_tags_tag ON post_tags (tag_id, post_id);

-- Published images of posts that carry it. Says which way a list by tag is searched.
ALTER TABLE tags ADD COLUMN image_count @whole NOT NULL DEFAULT 0;
