CREATE TABLE users (
  id @id,
  username @text NOT NULL,
  username_key @text NOT NULL UNIQUE,  -- lower case
  email @text NOT NULL,
  email_key @text NOT NULL UNIQUE,     -- lower case
  password_hash @text NOT NULL,        -- '' = cannot sign in with a password
  role @text NOT NULL,
  status @text NOT NULL,               -- active, muted, banned
  browsing @whole NOT NULL,            -- maturity bits the member wants to see
  bio @text NOT NULL,
  is_demo @bool NOT NULL,
  created_at @whole NOT NULL
) @strict;

CREATE TABLE sessions (
  id @id,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  token_hash @text NOT NULL UNIQUE,
  previous_hash @text,                 -- still good for a minute after a rotation
  rotated_at @whole NOT NULL,
  created_at @whole NOT NULL,
  seen_at @whole NOT NULL,
  expires_at @whole NOT NULL,
  agent @text NOT NULL,
  address @text NOT NULL
) @strict;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_previous ON sessions (previous_hash);

CREATE TABLE api_keys (
  id @id,
  user_id @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name @text NOT NULL,
  hint @text NOT NULL,                 -- the first letters, to tell keys apart
  key_hash @text NOT NULL UNIQUE,
  scopes @whole NOT NULL,
  created_at @whole NOT NULL,
  used_at @whole,
  expires_at @whole
) @strict;
CREATE INDEX api_keys_user ON api_keys (user_id);

CREATE TABLE invites (
  id @id,
  code @text NOT NULL UNIQUE,
  note @text NOT NULL,
  created_by @whole NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at @whole NOT NULL,
  expires_at @whole NOT NULL,
  uses_left @whole NOT NULL
) @strict;

-- One-time links by mail or console: kind is 'setup' (user_id null) or 'password'.
CREATE TABLE one_time_links (
  token_hash @text PRIMARY KEY,
  kind @text NOT NULL,
  user_id @whole REFERENCES users (id) ON DELETE CASCADE,
  expires_at @whole NOT NULL
) @strict;

-- Failed sign-ins per (account, address) and per account from devices nobody knows.
CREATE TABLE sign_in_failures (
  key @text PRIMARY KEY,
  failures @whole NOT NULL,
  next_at @whole NOT NULL,             -- no attempt is looked at before
  last_at @whole NOT NULL
) @strict;
