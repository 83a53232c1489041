#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "platform/context.hpp"
#include "platform/dispatcher.hpp"
#include "platform/gate.hpp"
#include "platform/idempotency.hpp"
#include "platform/throttle.hpp"
#include "platform/trace.hpp"

namespace atelier::platform {

/// One request on its way through the dispatcher. Whoever works on it holds it; one thread at a
/// time.
struct Call {
  explicit Call(Services& services) : context(services) {}
  Call(const Call&) = delete;

  http::Request request;
  Dispatcher::Done done;
  const schema::Endpoint* endpoint = nullptr;  ///< null: no row has this path and method
  schema::Face face = schema::Face::native;
  Context context;
  Credential credential;
  Trace trace;
  std::shared_ptr<void> in;
  std::shared_ptr<void> prepared;
  std::string json;

  std::string idempotency_key;  ///< empty: none
  std::string request_hash;
  std::optional<StoredReply> replayed;

  std::string cache_key;  ///< empty: the reply is not kept
  std::uint64_t generation = 0;
  std::vector<std::string> tags;  ///< what the kept reply was made of
  std::optional<Throttle::Verdict> verdict;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();

  bool personal() const { return credential.kind != Credential::Kind::none; }
};

using CallPointer = std::shared_ptr<Call>;

/// Fills `call.in` from path, query and body, by the row's conventions.
Result<void> decode(Call& call);

/// The key under which an anonymous reply may be kept: path, known parameters in order of their
/// names, and on Civitai's face the origin, since its replies hold absolute addresses. Empty if
/// this request must be worked on: a credential, or a parameter that is unknown or spelled oddly.
std::string cache_key(const schema::Endpoint& endpoint, const http::Request& request);

}  // namespace atelier::platform
