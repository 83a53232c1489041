-- A model's and a version's level follows from three: what its author says, what its author's
-- published images in the galleries show, and what a moderator has fixed.
ALTER TABLE models ADD COLUMN nsfw_claim @whole NOT NULL DEFAULT 1;
ALTER TABLE models ADD COLUMN nsfw_locked @whole;
ALTER TABLE model_versions ADD COLUMN nsfw_gallery @whole NOT NULL DEFAULT 0;
ALTER TABLE model_versions ADD COLUMN image_count @whole NOT NULL DEFAULT 0;
UPDATE models SET nsfw_claim = nsfw_level;
