-- What is in a file, shared by all files with the same bytes. The inspection's verdict and guesses
-- are columns so that the catalogue can filter by them; the rest of it is in facts.
CREATE TABLE contents (
  id @id,
  sha256 @text NOT NULL UNIQUE,        -- all hashes lower-case hex
  bytes @whole NOT NULL,
  blake3 @text NOT NULL,
  crc32 @text NOT NULL,                -- as Civitai shows it: its four bytes reversed
  crc32c @text NOT NULL,
  autov1 @text,
  autov3 @text,                        -- whole; looked up by its first 12 digits too
  verdict @text NOT NULL,             -- pending, safe, unknown_import, dangerous, malformed, failed
  verdict_message @text NOT NULL,
  scanned_at @whole,
  format @text NOT NULL,               -- SafeTensor, PickleTensor, GGUF, …; '' while pending
  detected_type @text NOT NULL,        -- '' = could not tell
  type_confidence @real NOT NULL,      -- 0 to 1
  detected_base @text NOT NULL,
  base_confidence @real NOT NULL,
  fp @text NOT NULL,
  quant_type @text NOT NULL,
  tensors @whole NOT NULL,
  trigger_words @json NOT NULL,        -- list of text
  facts @json,                         -- null until inspected
  created_at @whole NOT NULL
) @strict;
CREATE INDEX contents_blake3 ON contents (blake3);
CREATE INDEX contents_crc32 ON contents (crc32);
CREATE INDEX contents_crc32c ON contents (crc32c);
CREATE INDEX contents_autov1 ON contents (autov1);
CREATE INDEX contents_autov3 ON contents (autov3);

-- The tensor table in pages of a fixed number of tensors, in file order.
CREATE TABLE content_tensors (
  content_id @whole NOT NULL REFERENCES contents (id) ON DELETE CASCADE,
  page @whole NOT NULL,
  tensors @json NOT NULL,
  PRIMARY KEY (content_id, page)
) @strict;

CREATE TABLE files (
  id @id,
  content_id @whole REFERENCES contents (id) ON DELETE RESTRICT,  -- null until hashed
  owner_id @whole REFERENCES users (id) ON DELETE SET NULL,
  name @text NOT NULL,                 -- as uploaded or found, without folders
  bytes @whole NOT NULL,
  created_at @whole NOT NULL
) @strict;
CREATE INDEX files_content ON files (content_id);
CREATE INDEX files_owner ON files (owner_id);

-- Where files are that stay where they are. A file is hashed again only if one of these changes.
CREATE TABLE file_places (
  file_id @whole PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
  path @text NOT NULL UNIQUE,
  bytes @whole NOT NULL,
  modified_ns @whole NOT NULL,
  inode @whole NOT NULL
) @strict;
CREATE INDEX file_places_inode ON file_places (inode);

CREATE TABLE uploads (
  id @id,
  token @text NOT NULL UNIQUE,         -- in the URL, and the partial's name
  owner_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name @text NOT NULL,
  bytes @whole NOT NULL,               -- announced
  received @whole NOT NULL,            -- durable, bytes
  hash_state @text NOT NULL,           -- at `received`; base64
  writer @text NOT NULL,               -- who appends; an older writer's report is not taken
  file_id @whole REFERENCES files (id) ON DELETE SET NULL,  -- once finished
  finished_at @whole,
  created_at @whole NOT NULL,
  expires_at @whole NOT NULL
) @strict;
CREATE INDEX uploads_owner ON uploads (owner_id);
CREATE INDEX uploads_expiry ON uploads (expires_at);

-- Who has downloaded what lately, so that one download counts once.
CREATE TABLE download_marks (
  subject @whole NOT NULL,             -- what is counted: a version
  client @text NOT NULL,               -- keyed hash of the account or address
  at @whole NOT NULL,
  PRIMARY KEY (subject, client)
) @strict;
CREATE INDEX download_marks_at ON download_marks (at);
