#pragma once
#include <string>

#include "ports/database.hpp"

namespace atelier::test {

/// The schema as text in a form that is the same on both engines: tables, columns with type,
/// nullability and whether they have a default, primary keys, references with what deletion does,
/// indexes. CHECK texts and the predicates of partial indexes are left out, as engines rewrite
/// them.
Result<std::string> canonical_schema(sql::Database& database);

}  // namespace atelier::test
