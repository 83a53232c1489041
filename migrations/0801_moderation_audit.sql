-- What moderators and administrators did. Only ever added to: each row has the hash of the one
-- before it, and the database itself refuses changes.
CREATE TABLE audit_entries (
  id @id,
  at @whole NOT NULL,
  actor_id @whole NOT NULL,            -- 0 = the command line; outlives the account
  act @text NOT NULL,                  -- an endpoint's id
  subject_kind @text NOT NULL,
  subject_id @whole NOT NULL,
  details @json NOT NULL,
  previous @text NOT NULL,             -- hash of the row before; '' for the first
  hash @text NOT NULL
) @strict;
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_act ON audit_entries (act, id);
CREATE INDEX audit_entries_subject ON audit_entries (subject_id, id);

-- only: sqlite
CREATE TRIGGER audit_entries_keep BEFORE UPDATE ON audit_entries
  BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries
  BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
-- end
-- only: postgres
CREATE FUNCTION audit_entries_refuse() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN RAISE EXCEPTION ''the audit log is only added to''; END';
CREATE TRIGGER audit_entries_keep BEFORE UPDATE OR DELETE ON audit_entries
  FOR EACH ROW EXECUTE FUNCTION audit_entries_refuse();
-- end
