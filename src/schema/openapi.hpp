#pragma once
#include <string>

#include "base/result.hpp"
#include "schema/endpoint.hpp"

namespace atelier::schema {

/// The OpenAPI 3.1 document of all native rows that are not hidden. Stable order.
std::string openapi(const Routes& routes);

/// Fails if two different structs or enums of those rows have the same name: components are known
/// by their bare names.
Result<void> check_names(const Routes& routes);

/// One line per row: method, path, id, access, scope, effect (or the shape, where it is no call),
/// separated by tabs. Stable order.
std::string permission_matrix(const Routes& routes);

}  // namespace atelier::schema
