#pragma once
#include "base/result.hpp"
#include "schema/endpoint.hpp"

namespace atelier::platform {

/// Refuses rows that could not work or would be open by mistake; the detail names the row.
Result<void> check_row(const schema::Endpoint& endpoint);
/// Every row, and that ids are unique.
Result<void> check_routes(const schema::Routes& routes);

}  // namespace atelier::platform
