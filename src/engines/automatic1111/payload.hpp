#pragma once
#include <string>

#include "engines/automatic1111/inventory.hpp"

namespace atelier::engines::automatic1111 {

struct Payload {
  std::string path;  ///< under /sdapi/v1
  std::string body;  ///< JSON
  std::string note;
};

/// An order in the server's words. Errors: `model_missing`, `invalid`.
Result<Payload> payload(const ports::Order& order, const Inventory& inventory);

}  // namespace atelier::engines::automatic1111
