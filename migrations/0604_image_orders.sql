-- A gallery or a person's images in any order: walked, not sorted, however many there are.
DROP INDEX images_model;
DROP INDEX images_version;
CREATE INDEX images_model ON images (model_id, sort_at, id, nsfw_level, owner_id, post_id)
  WHERE is_open;
CREATE INDEX images_model_reactions ON images (model_id, reaction_count, id, nsfw_level, owner_id,
  post_id) WHERE is_open;
CREATE INDEX images_model_comments ON images (model_id, comment_count, id, nsfw_level, owner_id,
  post_id) WHERE is_open;
CREATE INDEX images_model_collected ON images (model_id, collected_count, id, nsfw_level, owner_id,
  post_id) WHERE is_open;
CREATE INDEX images_version ON images (version_id, sort_at, id, nsfw_level, owner_id, post_id,
  by_creator) WHERE is_open;
CREATE INDEX images_version_reactions ON images (version_id, reaction_count, id, nsfw_level,
  owner_id, post_id) WHERE is_open;
CREATE INDEX images_version_comments ON images (version_id, comment_count, id, nsfw_level, owner_id,
  post_id) WHERE is_open;
CREATE INDEX images_version_collected ON images (version_id, collected_count, id, nsfw_level,
  owner_id, post_id) WHERE is_open;
CREATE INDEX images_owner_newest ON images (owner_id, sort_at, id, nsfw_level, post_id)
  WHERE is_open;
CREATE INDEX images_owner_reactions ON images (owner_id, reaction_count, id, nsfw_level, post_id)
  WHERE is_open;
CREATE INDEX images_owner_comments ON images (owner_id, comment_count, id, nsfw_level, post_id)
  WHERE is_open;
CREATE INDEX images_owner_collected ON images (owner_id, collected_count, id, nsfw_level, post_id)
  WHERE is_open;
-- For the few posts of a rare tag, whatever the order.
CREATE INDEX images_post_open ON images (post_id, id, nsfw_level, owner_id, sort_at,
  reaction_count, comment_count, collected_count, shuffle) WHERE is_open;
