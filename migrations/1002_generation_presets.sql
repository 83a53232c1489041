-- Requests that members keep by name, to fill the form with.
CREATE TABLE generation_presets (
  id @id,
  owner_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name @text NOT NULL,
  request @json NOT NULL,              -- generation::GenerationRequest, as it was given
  created_at @whole NOT NULL
) @strict;
CREATE UNIQUE INDEX generation_presets_owner ON generation_presets (owner_id, name);
