CREATE TABLE images (
  id @id,
  key @text NOT NULL UNIQUE,           -- in its addresses; who knows it may see the picture
  owner_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  post_id @whole REFERENCES posts (id) ON DELETE CASCADE,
  position @whole NOT NULL,            -- within the post
  file_id @whole REFERENCES files (id) ON DELETE SET NULL,  -- the original; null = removed
  type @text NOT NULL,                 -- image, video
  mime @text NOT NULL,                 -- '' until read
  width @whole NOT NULL,               -- pixels, upright
  height @whole NOT NULL,
  bytes @whole NOT NULL,
  duration_ms @whole,
  thumb_hash @text NOT NULL,           -- base64
  perceptual_hash @whole,              -- 64 bits
  colour @whole,                       -- 0xRRGGBB
  state @text NOT NULL,                -- pending, ready, failed, blocked
  problem @text NOT NULL,              -- why it is failed or blocked
  level_claim @whole NOT NULL,         -- one maturity bit by its owner; 0 = not said
  level_vote @whole NOT NULL,          -- the community's, once enough voted; 0 = none
  level_locked @whole,                 -- by a moderator: stays this
  nsfw_level @whole NOT NULL,          -- what follows from the three: one bit, or 0
  hide_meta @bool NOT NULL,
  has_meta @bool NOT NULL,             -- a recipe that others may see
  has_prompt @bool NOT NULL,
  tool @text NOT NULL,                 -- that made it; '' = not known
  base_model @text NOT NULL,           -- '' = not known
  remix_of @whole REFERENCES images (id) ON DELETE SET NULL,
  version_id @whole REFERENCES model_versions (id) ON DELETE SET NULL,  -- as its post's
  model_id @whole REFERENCES models (id) ON DELETE SET NULL,
  by_creator @bool NOT NULL,           -- its owner owns that model
  is_demo @bool NOT NULL,
  is_open @bool NOT NULL,              -- others may see it: ready, published, neither removed …
  created_at @whole NOT NULL,
  updated_at @whole NOT NULL,
  published_at @whole,                 -- with its post
  deleted_at @whole,
  taken_down_at @whole,
  taken_down_reason @text NOT NULL,
  sort_at @whole NOT NULL,             -- published_at, else created_at
  shuffle @whole NOT NULL,             -- at random, for lists in no order
  like_count @whole NOT NULL,
  dislike_count @whole NOT NULL,
  laugh_count @whole NOT NULL,
  cry_count @whole NOT NULL,
  heart_count @whole NOT NULL,
  reaction_count @whole NOT NULL,      -- the five, but for dislikes
  comment_count @whole NOT NULL,
  collected_count @whole NOT NULL
) @strict;
-- Every list of open images walks one of these in its order. The columns behind the id are there
-- so that conditions are judged in the index and only the rows of the page are fetched.
CREATE INDEX images_newest ON images (sort_at, id, nsfw_level, owner_id, post_id, base_model, tool,
  type, has_meta, version_id, model_id) WHERE is_open;
CREATE INDEX images_reactions ON images (reaction_count, id, nsfw_level, owner_id, post_id,
  base_model, tool, type, has_meta, version_id, model_id, sort_at) WHERE is_open;
CREATE INDEX images_comments ON images (comment_count, id, nsfw_level, owner_id, post_id,
  base_model, tool, type, has_meta, version_id, model_id, sort_at) WHERE is_open;
CREATE INDEX images_collected ON images (collected_count, id, nsfw_level, owner_id, post_id,
  base_model, tool, type, has_meta, version_id, model_id, sort_at) WHERE is_open;
CREATE INDEX images_shuffle ON images (shuffle, id, nsfw_level, owner_id, post_id, base_model, tool,
  type, has_meta, version_id, model_id, sort_at) WHERE is_open;
CREATE INDEX images_model ON images (model_id, sort_at, id, nsfw_level, owner_id, post_id)
  WHERE is_open;
CREATE INDEX images_version ON images (version_id, sort_at, id, nsfw_level, owner_id, post_id)
  WHERE is_open;
CREATE INDEX images_owner ON images (owner_id, id);
CREATE INDEX images_post ON images (post_id, position, id);
CREATE INDEX images_file ON images (file_id);
CREATE INDEX images_remix ON images (remix_of) WHERE remix_of IS NOT NULL;
CREATE INDEX images_bin ON images (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX images_hash ON images (perceptual_hash) WHERE perceptual_hash IS NOT NULL;

-- How it was made. Apart from the images, so that lists stay small.
CREATE TABLE image_recipes (
  image_id @whole PRIMARY KEY REFERENCES images (id) ON DELETE CASCADE,
  recipe @json NOT NULL,               -- recipes::Recipe
  raw @json NOT NULL,                  -- the texts as the file carries them
  graph @text NOT NULL,                -- ComfyUI's executable graph, '' = none
  workflow @text NOT NULL              -- ComfyUI's document, '' = none
) @strict;

CREATE TABLE image_resources (
  id @id,
  image_id @whole NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  position @whole NOT NULL,
  name @text NOT NULL,
  kind @text NOT NULL,                 -- recipes::ResourceKind
  hash @text NOT NULL,                 -- the one that is shown; '' = none
  air @text NOT NULL,
  strength @real,
  detected @bool NOT NULL,             -- read from the file; else it is the post's version
  version_id @whole REFERENCES model_versions (id) ON DELETE SET NULL,  -- null = not known here
  named_version @whole                 -- the number the file gives for it
) @strict;
CREATE INDEX image_resources_image ON image_resources (image_id, position);
CREATE INDEX image_resources_version ON image_resources (version_id, image_id);

-- By these a resource is found again when a version with such a file is published later.
CREATE TABLE image_resource_hashes (
  hash @text NOT NULL,                 -- lower-case hex
  resource_id @whole NOT NULL REFERENCES image_resources (id) ON DELETE CASCADE,
  PRIMARY KEY (hash, resource_id)
) @strict;
CREATE INDEX image_resource_hashes_resource ON image_resource_hashes (resource_id);

CREATE TABLE image_level_votes (
  image_id @whole NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  level @whole NOT NULL,               -- one maturity bit
  at @whole NOT NULL,
  PRIMARY KEY (image_id, user_id)
) @strict;
CREATE INDEX image_level_votes_user ON image_level_votes (user_id);

-- Counts within a timeframe, of images that have any. Of all time: columns of images.
CREATE TABLE image_ranks (
  timeframe @text NOT NULL,            -- Day, Week, Month, Year
  image_id @whole NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  reactions @whole NOT NULL,
  comments @whole NOT NULL,
  collected @whole NOT NULL,
  PRIMARY KEY (timeframe, image_id)
) @strict;
CREATE INDEX image_ranks_image ON image_ranks (image_id);
CREATE INDEX image_ranks_reactions ON image_ranks (timeframe, reactions, image_id);
CREATE INDEX image_ranks_comments ON image_ranks (timeframe, comments, image_id);
CREATE INDEX image_ranks_collected ON image_ranks (timeframe, collected, image_id);
