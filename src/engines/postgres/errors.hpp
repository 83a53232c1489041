#pragma once
#include <string_view>

#include "base/result.hpp"

namespace atelier::postgres {

/// What a SQLSTATE (PostgreSQL's documentation, appendix A) means to a caller.
Error meaning(std::string_view state);
/// True if the server asks for the whole transaction to be run again.
bool asks_again(std::string_view state);
/// Nobody could be asked.
Error unreachable();

}  // namespace atelier::postgres
