-- One row per group of settings that an administrator changed.
CREATE TABLE settings (
  name @text PRIMARY KEY,
  value @json NOT NULL,
  changed_at @whole NOT NULL,
  changed_by @whole NOT NULL  -- users.id; 0 = the house
) @strict;
