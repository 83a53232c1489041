#pragma once
#include <string>

#include "schema/endpoint.hpp"

namespace atelier::schema {

/// The OpenAPI 3.1 document of all native rows that are not hidden. Stable order.
std::string openapi(const Routes& routes);

/// One line per row: method, path, id, access, scope, effect. Stable order.
std::string permission_matrix(const Routes& routes);

}  // namespace atelier::schema
