-- PostgreSQL, several servers: the one that keeps the search indexes, for some seconds at a time.
CREATE TABLE search_holder (
  one @whole PRIMARY KEY,
  holder @text NOT NULL,               -- the same for one data directory
  held_until @whole NOT NULL
) @strict;
