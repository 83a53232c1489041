-- How busy backends were is read from the attempts that ended lately.
CREATE INDEX generation_attempts_finished ON generation_attempts (finished_at);
ALTER TABLE generation_templates ADD COLUMN audience @text NOT NULL DEFAULT 'members';
