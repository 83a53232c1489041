#pragma once
// Private to dispatcher.cpp, binder_run.cpp and binder_deliver.cpp.
#include <exception>
#include <functional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "platform/call.hpp"
#include "platform/dispatcher.hpp"
#include "platform/reply_cache.hpp"
#include "platform/router.hpp"

namespace atelier::platform {

/// Logs what escaped, and says only that something did.
Error unexpected_failure(std::string_view what);
/// The pool's queue is full.
Error busy();

/// Runs foreign code; exceptions are for the impossible, and end here.
template <class F>
auto guarded(F&& body) -> std::invoke_result_t<F> {
  try {
    return body();
  } catch (const std::exception& error) {
    return std::unexpected(unexpected_failure(error.what()));
  } catch (...) {
    return std::unexpected(unexpected_failure("unknown"));
  }
}

/// The one Dispatcher. See there.
class Binder final : public Dispatcher {
 public:
  Binder(Services& services, schema::Routes routes)
      : services_(services), routes_(std::move(routes)) {}

  Result<void> build();
  void add_document();

  Plan plan(http::Method method, std::string_view path) const override;
  bool try_cached(const http::Request& request, http::Response& response) override;
  void handle(http::Request request, Done done) override;
  void open_upload(http::Request head, Opened opened) override;
  http::Response failure(const http::Request& request, const Error& error) override;
  const schema::Routes& routes() const override { return routes_; }

 private:
  const schema::Endpoint* endpoint_of(const Router::Match& match) const {
    return match.row == Router::none ? nullptr : &routes_.all[static_cast<std::size_t>(match.row)];
  }
  schema::Face face_of(std::string_view path) const;
  CallPointer begin(http::Request request, Done done) const;
  Result<void> locate(Call& call, const Router::Match& match) const;
  Result<void> admit(Call& call);
  bool draw(Call& call);

  void find_or_work(const CallPointer& call);
  void work(const CallPointer& call);
  bool works_here(const Call& call) const;
  void post(const CallPointer& call, void (Binder::*step)(const CallPointer&));
  void proceed(const CallPointer& call);
  void run_raw(const CallPointer& call);
  void run_prepared(const CallPointer& call);
  void run_call(const CallPointer& call);
  void run_read(const CallPointer& call, int steps);
  void run_read_whole(const CallPointer& call) { run_read(call, 0); }
  void run_write(const CallPointer& call);
  Result<void> claim(Call& call);
  Result<void> write_body(Call& call, sql::Tx& tx) const;

  void finish(const CallPointer& call, const Result<void>& result);
  http::Response replay(Call& call) const;
  void keep(Call& call, http::Response& response);
  void deliver_kept(const CallPointer& call, const CachedReply& reply);
  void deliver(const CallPointer& call, http::Response response);
  void note(const Call& call, int status);

  // Ready metric labels, because a kept reply costs little more than they do.
  struct CachedLabels {
    std::string ok, not_modified;
  };

  Services& services_;
  schema::Routes routes_;
  Router router_;
  std::set<std::string, std::less<>> civitai_prefixes_;
  std::vector<CachedLabels> cached_labels_;  // by row
  KeysInFlight keys_;
};

}  // namespace atelier::platform
