#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/generation/offers.hpp"
#include "features/generation/store.hpp"
#include "schema/types.hpp"

/// What the endpoints of backends take and give; for administrators. Members are the JSON names.
namespace atelier::generation {

struct BackendPath {
  BackendId id;
};
BOOST_DESCRIBE_STRUCT(BackendPath, (), (id))

struct LearnedSpeed {
  std::string model;                   ///< "" = work that names none
  std::int64_t sizeClass = 0;          ///< doublings of the pixels; -1 = loading the model
  double milliseconds = 0;             ///< of a megapixel through one step; of loading: of it all
  std::int64_t samples = 0;
};
BOOST_DESCRIBE_STRUCT(LearnedSpeed, (), (model, sizeClass, milliseconds, samples))

struct BackendRow {
  BackendId id;
  std::string name, protocol, url;
  bool hasToken = false;
  std::string model;                   ///< of protocols that cannot list theirs
  bool draining = false;               ///< gets no new work
  BackendHealth health = BackendHealth::closed;      ///< of the circuit breaker: closed is well
  std::int64_t failures = 0;           ///< one after another
  std::optional<schema::Time> retryAt; ///< while the breaker is open
  std::string problem;
  std::optional<schema::Time> probedAt;
  std::optional<OfferRow> offer;       ///< absent: never reached
  std::string resident;                ///< the model that it used last
  std::int64_t running = 0;            ///< pieces of work it has now
  std::int64_t busyS = 0;              ///< seconds until the first of them ends, guessed
  std::vector<LearnedSpeed> speeds;
};
BOOST_DESCRIBE_STRUCT(BackendRow, (),
                      (id, name, protocol, url, hasToken, model, draining, health, failures,
                       retryAt, problem, probedAt, offer, resident, running, busyS, speeds))

struct BackendList {
  std::vector<BackendRow> items;
  std::vector<std::string> protocols;  ///< that can be added
  std::int64_t queued = 0;             ///< steps that wait for any of them, at most 256
};
BOOST_DESCRIBE_STRUCT(BackendList, (), (items, protocols, queued))

struct AddBackend {
  schema::Text<1, 100> name;
  schema::Text<1, 40> protocol;
  std::optional<schema::Text<0, 500>> url;
  std::optional<schema::Text<0, 500>> token;  ///< a bearer token, or user:password
  std::optional<schema::Text<0, 200>> model;
};
BOOST_DESCRIBE_STRUCT(AddBackend, (), (name, protocol, url, token, model))

/// What answers at an address that is not a backend yet.
struct IdentifyBackend {
  schema::Text<1, 500> url;
  std::optional<schema::Text<1, 40>> protocol;  ///< absent: each is tried
  std::optional<schema::Text<0, 500>> token;
  std::optional<schema::Text<0, 200>> model;
};
BOOST_DESCRIBE_STRUCT(IdentifyBackend, (), (url, protocol, token, model))

struct AskedProtocol {
  std::string protocol, url;
  std::string problem;                 ///< why it is not that
};
BOOST_DESCRIBE_STRUCT(AskedProtocol, (), (protocol, url, problem))
struct IdentifiedBackend {
  std::string protocol, url;           ///< to add it with; "" = nothing that is known here
  std::optional<OfferRow> offer;
  std::vector<AskedProtocol> refused;  ///< those that were tried before
};
BOOST_DESCRIBE_STRUCT(IdentifiedBackend, (), (protocol, url, offer, refused))

/// A backend in the last hour.
struct BackendLoad {
  BackendId id;
  std::vector<double> busy;            ///< pieces of work at once, mean of each minute
  std::int64_t succeeded = 0, failed = 0;  ///< pieces of work that ended
};
BOOST_DESCRIBE_STRUCT(BackendLoad, (), (id, busy, succeeded, failed))
struct BackendLoads {
  std::vector<schema::Time> at;        ///< beginnings of the minutes, oldest first, none left out
  std::vector<BackendLoad> items;      ///< without those that did nothing
};
BOOST_DESCRIBE_STRUCT(BackendLoads, (), (at, items))

struct UpdateBackend {
  BackendId id;
  std::optional<schema::Text<1, 100>> name;
  std::optional<schema::Text<0, 500>> url;
  std::optional<schema::Text<0, 500>> token;
  std::optional<schema::Text<0, 200>> model;
};
BOOST_DESCRIBE_STRUCT(UpdateBackend, (), (id, name, url, token, model))

struct DetectedBackend {
  std::string protocol, url, title;
  bool known = false;                  ///< is among the backends already
};
BOOST_DESCRIBE_STRUCT(DetectedBackend, (), (protocol, url, title, known))
struct DetectedBackends {
  std::vector<DetectedBackend> items;
  std::int64_t tried = 0;
};
BOOST_DESCRIBE_STRUCT(DetectedBackends, (), (items, tried))

}  // namespace atelier::generation
