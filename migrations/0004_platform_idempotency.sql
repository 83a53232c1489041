-- Replies of creating requests, by the key their client chose. Status, headers and body are filled
-- before the claiming transaction commits, so other transactions never see them empty.
CREATE TABLE idempotency (
  user_id @whole NOT NULL,
  key @text NOT NULL,
  request_hash @text NOT NULL,
  status @whole,
  headers @text,
  body @text,
  created_at @whole NOT NULL,
  PRIMARY KEY (user_id, key)
) @strict;

CREATE INDEX idempotency_created_at ON idempotency (created_at);
