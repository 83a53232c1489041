-- Every list leaves out what belongs to banned people.
CREATE INDEX users_banned ON users (id) WHERE status = 'banned';
