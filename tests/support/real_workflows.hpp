#pragma once
#include <string>

namespace atelier::test {

/// What a real ComfyUI says of its nodes, `GET /object_info` (tests/support/record_comfyui.py).
std::string recorded_object_info();

}  // namespace atelier::test
