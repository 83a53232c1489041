CREATE TABLE imports (
  id @id,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  path @text NOT NULL,
  draft @bool NOT NULL,
  state @text NOT NULL,               -- running, completed, failed
  found @whole NOT NULL,              -- model files seen
  added @whole NOT NULL,              -- of them new to us
  known @whole NOT NULL,              -- of them here already, unchanged or changed
  bytes @whole NOT NULL,
  problem @text NOT NULL,
  job_id @whole,
  started_at @whole NOT NULL,
  finished_at @whole
) @strict;

-- Which version an imported file became, and which of its words were only guessed: those follow
-- what the inspection finds.
CREATE TABLE imported_files (
  file_id @whole PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
  version_id @whole NOT NULL REFERENCES model_versions (id) ON DELETE CASCADE,
  type_guessed @bool NOT NULL,
  base_guessed @bool NOT NULL,
  words_guessed @bool NOT NULL
) @strict;
CREATE INDEX imported_files_version ON imported_files (version_id);

-- Where a model came from, so that its other versions join it.
CREATE TABLE model_origins (
  source @text NOT NULL,              -- civitai
  source_id @whole NOT NULL,
  model_id @whole NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  PRIMARY KEY (source, source_id)
) @strict;
CREATE INDEX model_origins_model ON model_origins (model_id);
