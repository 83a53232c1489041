#include "engines/elasticsearch/wire.hpp"

#include <algorithm>

#include "platform/log.hpp"

namespace atelier::engines::elasticsearch {
namespace {

constexpr std::size_t reply_bytes_max = 256u << 20, idle_max = 16;
constexpr long connect_ms = 2'000;

std::size_t collect(char* bytes, std::size_t size, std::size_t count, void* state) {
  auto& reply = *static_cast<std::string*>(state);
  if (reply.size() + size * count > reply_bytes_max) return 0;
  reply.append(bytes, size * count);
  return size * count;
}

}  // namespace

Wire::Wire(Account account) : account_(std::move(account)) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  while (account_.url.ends_with('/')) account_.url.pop_back();
  curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/json");
  list = curl_slist_append(list, "Expect:");  // a batch waits for no permission
  if (!account_.api_key.empty())
    list = curl_slist_append(list, ("Authorization: ApiKey " + account_.api_key).c_str());
  headers_.reset(list);
}

Wire::Connection Wire::borrow() {
  const std::lock_guard held(lock_);
  if (idle_.empty()) return Connection(curl_easy_init());
  Connection curl = std::move(idle_.back());
  idle_.pop_back();
  curl_easy_reset(curl.get());  // keeps the connection
  return curl;
}

void Wire::prepare(CURL* curl, std::string_view body) const {
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  if (!account_.authority.empty())
    curl_easy_setopt(curl, CURLOPT_CAINFO, account_.authority.c_str());
  if (account_.api_key.empty() && !account_.username.empty()) {
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(curl, CURLOPT_USERNAME, account_.username.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, account_.password.c_str());
  }
  if (body.empty()) return;
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
}

Result<Reply> Wire::ask(const char* method, std::string_view path, std::string_view body,
                        long timeout_ms) {
  Connection curl = borrow();
  if (!curl) return fail(Fault::unavailable, "search_unavailable", "There is no memory.");
  Reply reply;
  prepare(curl.get(), body);
  curl_easy_setopt(curl.get(), CURLOPT_URL, (account_.url + std::string(path)).c_str());
  curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, method);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &reply.body);
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) {
    log::warning("search.unreachable", {{"cause", curl_easy_strerror(code)}});
    return fail(Fault::unavailable, "search_unavailable", "The search server does not answer.");
  }
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &reply.status);
  curl_off_t wait_s = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RETRY_AFTER, &wait_s);
  reply.retry_after_s = static_cast<int>(std::clamp<curl_off_t>(wait_s, 0, 3600));
  const std::lock_guard held(lock_);
  if (idle_.size() < idle_max) idle_.push_back(std::move(curl));
  return reply;
}

}  // namespace atelier::engines::elasticsearch
