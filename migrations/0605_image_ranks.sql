-- Lists by the counts of a timeframe are walked and judged in one index, as those of all time are:
-- so a rank carries what lists ask of its image. `id` is the image's.
CREATE TABLE image_ranks_of (
  timeframe @text NOT NULL,            -- Day, Week, Month, Year
  id @whole NOT NULL REFERENCES images (id) ON DELETE CASCADE,
  reactions @whole NOT NULL,
  comments @whole NOT NULL,
  collected @whole NOT NULL,
  owner_id @whole NOT NULL,            -- from here on as in images
  post_id @whole,
  version_id @whole,
  model_id @whole,
  nsfw_level @whole NOT NULL,
  type @text NOT NULL,
  tool @text NOT NULL,
  base_model @text NOT NULL,
  has_meta @bool NOT NULL,
  by_creator @bool NOT NULL,
  remix_of @whole,
  is_open @bool NOT NULL,
  deleted_at @whole,
  PRIMARY KEY (timeframe, id)
) @strict;
INSERT INTO image_ranks_of SELECT r.timeframe, i.id, r.reactions, r.comments, r.collected,
  i.owner_id, i.post_id, i.version_id, i.model_id, i.nsfw_level, i.type, i.tool, i.base_model,
  i.has_meta, i.by_creator, i.remix_of, i.is_open, i.deleted_at
  FROM image_ranks r JOIN images i ON i.id = r.image_id;
DROP TABLE image_ranks;
ALTER TABLE image_ranks_of RENAME TO image_ranks;
CREATE INDEX image_ranks_image ON image_ranks (id);
CREATE INDEX image_ranks_reactions ON image_ranks (timeframe, reactions, id, nsfw_level, owner_id,
  post_id, base_model, tool, type, has_meta, version_id, model_id) WHERE is_open;
CREATE INDEX image_ranks_comments ON image_ranks (timeframe, comments, id, nsfw_level, owner_id,
  post_id, base_model, tool, type, has_meta, version_id, model_id) WHERE is_open;
CREATE INDEX image_ranks_collected ON image_ranks (timeframe, collected, id, nsfw_level, owner_id,
  post_id, base_model, tool, type, has_meta, version_id, model_id) WHERE is_open;
-- What few images have, whatever the order.
CREATE INDEX image_ranks_model ON image_ranks (model_id, timeframe, reactions, id, nsfw_level,
  owner_id, post_id, comments, collected) WHERE is_open;
CREATE INDEX image_ranks_version ON image_ranks (version_id, timeframe, reactions, id, nsfw_level,
  owner_id, post_id, comments, collected) WHERE is_open;
CREATE INDEX image_ranks_owner ON image_ranks (owner_id, timeframe, reactions, id, nsfw_level,
  post_id, comments, collected) WHERE is_open;
CREATE INDEX image_ranks_post ON image_ranks (post_id, timeframe) WHERE is_open;

-- A gallery or a person's images in no order.
CREATE INDEX images_model_shuffle ON images (model_id, shuffle, id, nsfw_level, owner_id, post_id)
  WHERE is_open;
CREATE INDEX images_version_shuffle ON images (version_id, shuffle, id, nsfw_level, owner_id,
  post_id) WHERE is_open;
CREATE INDEX images_owner_shuffle ON images (owner_id, shuffle, id, nsfw_level, post_id)
  WHERE is_open;
