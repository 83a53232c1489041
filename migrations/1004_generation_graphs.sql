-- Graphs and workflows are large and needed by whoever carries a step out; the line of waiting
-- steps is read often. They leave the piece for columns of their own. Earlier steps keep theirs.
ALTER TABLE generation_steps ADD COLUMN graph @text NOT NULL DEFAULT '';
ALTER TABLE generation_steps ADD COLUMN workflow @text NOT NULL DEFAULT '';
