#pragma once
#include "platform/services.hpp"
#include "schema/endpoint.hpp"

namespace atelier::platform {

class Events;
class Jobs;

/// What a feature hands to app/features.cpp. Unused parts stay null.
struct Feature {
  const char* name;
  void (*routes)(schema::Routes&) = nullptr;
  void (*jobs)(Jobs&) = nullptr;
  void (*events)(Services&) = nullptr;  ///< registers consumers and followers
};

}  // namespace atelier::platform
