#pragma once
#include "platform/services.hpp"
#include "schema/endpoint.hpp"

namespace atelier::platform {

class Events;
class Jobs;
class Searchables;
class Settings;
class Subjects;

/// What a feature hands to app/features.cpp. Unused parts stay null.
struct Feature {
  const char* name;
  void (*routes)(schema::Routes&) = nullptr;
  void (*jobs)(Jobs&) = nullptr;
  void (*events)(Services&) = nullptr;  ///< registers consumers and followers
  void (*settings)(Settings&) = nullptr;  ///< declares the groups an administrator may edit
  void (*subjects)(Subjects&) = nullptr;  ///< the kinds of things it owns
  void (*searchables)(Searchables&) = nullptr;  ///< those of them that can be found by words
};

}  // namespace atelier::platform
