#pragma once
#include <string>
#include <string_view>

namespace atelier::postgres {

/// `?1` becomes `$1`, in code only: quoted text and comments stay as they are.
std::string with_dollars(std::string_view text);

}  // namespace atelier::postgres
