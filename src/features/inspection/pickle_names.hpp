#pragma once
#include <string_view>

#include "features/inspection/inspection.hpp"

namespace atelier::inspection {

/// What calling an allowed global gives. `none`: nothing may call it.
enum class Callee : unsigned char {
  none, plain, ordered_dict, set, size, encode, tensor, tensor_v2, tensor_v3, tensor_meta,
  quantised, parameter, from_type,
};

struct Judgement {
  Verdict verdict = Verdict::unknown_import;  ///< safe, unknown_import or dangerous
  Callee callee = Callee::none;
  std::string_view dtype = {};  ///< of storages and dtypes: safetensors' name
};

/// Only the names that torch's `weights_only` loader lets through are safe; whatever of Python's
/// standard library or of the known launchers is not among them is dangerous, the rest unknown.
Judgement judge_import(std::string_view module, std::string_view name);

}  // namespace atelier::inspection
