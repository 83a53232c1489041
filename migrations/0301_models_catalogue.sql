CREATE TABLE models (
  id @id,
  owner_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name @text NOT NULL,
  name_key @text NOT NULL,             -- lower case, for looking up
  type @text NOT NULL,
  status @text NOT NULL,               -- Draft, Scheduled, Published, Unpublished
  mode @text,                          -- null, Archived, TakenDown
  availability @text NOT NULL,         -- Public, Members, Private
  checkpoint_type @text,               -- Trained, Merge; null unless type is Checkpoint
  description @text NOT NULL,          -- as written, Markdown
  description_html @text NOT NULL,     -- as shown, through the sanitizer
  nsfw_level @whole NOT NULL,          -- maturity bits
  poi @bool NOT NULL,
  minor @bool NOT NULL,
  sfw_only @bool NOT NULL,
  allow_no_credit @bool NOT NULL,
  allow_commercial_use @text NOT NULL, -- comma list
  allow_derivatives @bool NOT NULL,
  allow_different_license @bool NOT NULL,
  is_demo @bool NOT NULL,
  created_at @whole NOT NULL,
  updated_at @whole NOT NULL,
  published_at @whole,
  last_version_at @whole NOT NULL,     -- of the newest published version, else created_at
  deleted_at @whole,
  download_count @whole NOT NULL,
  thumbs_up_count @whole NOT NULL,
  thumbs_down_count @whole NOT NULL,
  comment_count @whole NOT NULL,
  collected_count @whole NOT NULL,
  image_count @whole NOT NULL
) @strict;
CREATE INDEX models_owner ON models (owner_id, id);
CREATE INDEX models_newest ON models (last_version_at, id)
  WHERE deleted_at IS NULL AND status = 'Published';
CREATE INDEX models_downloads ON models (download_count, thumbs_up_count, id)
  WHERE deleted_at IS NULL AND status = 'Published';
CREATE INDEX models_thumbs ON models (thumbs_up_count, download_count, id)
  WHERE deleted_at IS NULL AND status = 'Published';
CREATE INDEX models_scheduled ON models (published_at) WHERE status = 'Scheduled';

CREATE TABLE model_versions (
  id @id,
  model_id @whole NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  name @text NOT NULL,
  base_model @text NOT NULL,
  base_model_type @text NOT NULL,
  status @text NOT NULL,
  description @text NOT NULL,
  description_html @text NOT NULL,
  trained_words @json NOT NULL,        -- list of text
  clip_skip @whole,
  steps @whole,
  epochs @whole,
  require_auth @bool NOT NULL,
  usage_control @text NOT NULL,        -- Download, Generation, …
  nsfw_level @whole NOT NULL,
  created_at @whole NOT NULL,
  updated_at @whole NOT NULL,
  published_at @whole,                 -- of a scheduled one: when it will be
  deleted_at @whole,
  download_count @whole NOT NULL,
  thumbs_up_count @whole NOT NULL,
  thumbs_down_count @whole NOT NULL
) @strict;
CREATE INDEX model_versions_model ON model_versions (model_id, id);
CREATE INDEX model_versions_base ON model_versions (base_model, model_id) WHERE deleted_at IS NULL;
CREATE INDEX model_versions_scheduled ON model_versions (published_at) WHERE status = 'Scheduled';

CREATE TABLE version_files (
  version_id @whole NOT NULL REFERENCES model_versions (id) ON DELETE CASCADE,
  file_id @whole NOT NULL REFERENCES files (id) ON DELETE CASCADE,
  name @text NOT NULL,                 -- shown and downloaded as
  type @text NOT NULL,                 -- Model, VAE, Config, …
  visibility @text NOT NULL,           -- Public, Private
  format @text NOT NULL,
  size @text,                          -- full, pruned
  fp @text,
  quant_type @text,
  position @whole NOT NULL,
  PRIMARY KEY (version_id, file_id)
) @strict;
CREATE INDEX version_files_file ON version_files (file_id);

CREATE TABLE tags (
  id @id,
  name @text NOT NULL UNIQUE,          -- lower case
  model_count @whole NOT NULL          -- published models that carry it
) @strict;

CREATE TABLE model_tags (
  model_id @whole NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  tag_id @whole NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
  position @whole NOT NULL,
  PRIMARY KEY (model_id, tag_id)
) @strict;
CREATE INDEX model_tags_tag ON model_tags (tag_id, model_id);
