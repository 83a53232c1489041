CREATE TABLE comments (
  id @id,
  kind @text NOT NULL,                 -- what it is about: of platform/subjects.hpp
  subject_id @whole NOT NULL,
  parent_id @whole REFERENCES comments (id) ON DELETE CASCADE,
  depth @whole NOT NULL,               -- 1 = answers the subject itself
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  body @text NOT NULL,                 -- Markdown, as written; "" once deleted
  body_html @text NOT NULL,
  created_at @whole NOT NULL,
  edited_at @whole,
  deleted_at @whole,                   -- stays as a tombstone while it has replies
  hidden_at @whole,                    -- by the subject's owner
  taken_down_at @whole,                -- by a moderator
  pinned_at @whole,
  reply_count @whole NOT NULL,
  reaction_count @whole NOT NULL
) @strict;
CREATE INDEX comments_top ON comments (kind, subject_id, id) WHERE parent_id IS NULL;
CREATE INDEX comments_top_reactions ON comments (kind, subject_id, reaction_count, id)
  WHERE parent_id IS NULL;
CREATE INDEX comments_replies ON comments (parent_id, id);
CREATE INDEX comments_user ON comments (user_id, id);

CREATE TABLE comment_mentions (
  comment_id @whole NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at @whole NOT NULL,
  PRIMARY KEY (comment_id, user_id)
) @strict;
CREATE INDEX comment_mentions_user ON comment_mentions (user_id, comment_id);

-- A row while the discussion is locked.
CREATE TABLE comment_locks (
  kind @text NOT NULL,
  subject_id @whole NOT NULL,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at @whole NOT NULL,
  PRIMARY KEY (kind, subject_id)
) @strict;
