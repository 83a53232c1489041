-- What taking a model down replaced, and why it was done.
ALTER TABLE models ADD COLUMN mode_before @text;
ALTER TABLE models ADD COLUMN taken_down_reason @text NOT NULL DEFAULT '';
