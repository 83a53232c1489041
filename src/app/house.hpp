#pragma once
#include <memory>

#include "app/configuration.hpp"
#include "base/result.hpp"
#include "platform/dispatcher.hpp"
#include "platform/services.hpp"

namespace atelier::app {

/// Everything that stands on one database and one data directory, wired together: engines,
/// platform, features. A server has one; so has a command that runs without a server, and a test.
class House {
 public:
  /// Opens the database, brings it to the newest schema, wires the parts. Nothing runs yet.
  static Result<std::unique_ptr<House>> open(const Configuration& configuration);
  ~House();
  House(const House&) = delete;

  Services& services();
  platform::Dispatcher& dispatcher();

  /// Follows with the search indexes, which only a server does. Before `start`.
  void start_search();
  /// Starts jobs and event consumers.
  void start();
  /// From here on `/ready` says no, so that a balancer sends nobody new.
  void drain();
  /// Gives running jobs a moment to stop, then stops consumers. Safe to call twice.
  void stop();

 private:
  House();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace atelier::app
