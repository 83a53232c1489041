-- How often people did something with one subject. metric_days are kept for charts; the rolling
-- windows of metric_tallies are the sums of the rows that still count in them.
CREATE TABLE metric_days (
  kind @text NOT NULL,                 -- of platform/subjects.hpp
  subject_id @whole NOT NULL,
  metric @text NOT NULL,
  day @whole NOT NULL,                 -- since 1970, UTC
  amount @whole NOT NULL,              -- below 0 when more was taken back than given
  windows @whole NOT NULL,             -- bits: 1 week, 2 month, 4 year
  PRIMARY KEY (kind, subject_id, metric, day)
) @strict;
CREATE INDEX metric_days_windows ON metric_days (windows, day) WHERE windows > 0;

-- The last 24 hours; a row that is older leaves the window by being deleted.
CREATE TABLE metric_hours (
  kind @text NOT NULL,
  subject_id @whole NOT NULL,
  metric @text NOT NULL,
  hour @whole NOT NULL,                -- since 1970
  amount @whole NOT NULL,
  PRIMARY KEY (kind, subject_id, metric, hour)
) @strict;
CREATE INDEX metric_hours_hour ON metric_hours (hour);

CREATE TABLE metric_tallies (
  kind @text NOT NULL,
  subject_id @whole NOT NULL,
  metric @text NOT NULL,
  day_amount @whole NOT NULL,          -- 24 hours
  week_amount @whole NOT NULL,         -- 7 days, today among them
  month_amount @whole NOT NULL,        -- 30 days
  year_amount @whole NOT NULL,         -- 365 days
  all_amount @whole NOT NULL,
  PRIMARY KEY (kind, subject_id, metric)
) @strict;

-- Downloads were counted in these columns until now.
INSERT INTO metric_tallies
  SELECT 'model', id, 'download', 0, 0, 0, 0, download_count FROM models WHERE download_count > 0;
INSERT INTO metric_tallies
  SELECT 'version', id, 'download', 0, 0, 0, 0, download_count FROM model_versions
  WHERE download_count > 0;
