#include "engines/fetch/fetch.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <vector>

namespace atelier::engines::fetch {
namespace {

constexpr long connect_ms = 5000;
constexpr long read_bytes = 128 << 10;
constexpr std::size_t idle_max = 16;

struct Drop {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};

struct Exchange {
  const Request* request;
  CURL* curl;
  Reply reply;
  bool too_large = false, forbidden = false, stopped = false, begun = false;
};

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* state) {
  auto& exchange = *static_cast<Exchange*>(state);
  const std::string_view piece(bytes, size * count);
  long status = 0;
  curl_easy_getinfo(exchange.curl, CURLINFO_RESPONSE_CODE, &status);
  if (exchange.request->hear && status == 200) {
    exchange.request->hear(piece);
    return piece.size();
  }
  if (exchange.reply.body.size() + piece.size() > exchange.request->reply_max) {
    exchange.too_large = true;
    return 0;
  }
  if (exchange.reply.body.empty()) {
    curl_off_t length = 0;
    curl_easy_getinfo(exchange.curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length > 0)
      exchange.reply.body.reserve(
          std::min(static_cast<std::size_t>(length), exchange.request->reply_max));
  }
  exchange.reply.body += piece;
  return piece.size();
}

int look_up(void* state, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& exchange = *static_cast<Exchange*>(state);
  exchange.stopped = exchange.request->stop && exchange.request->stop();
  return exchange.stopped ? 1 : 0;
}

/// Global unicast only (RFC 6890): what is left after loopback, private, shared, link-local,
/// documentation, multicast and reserved addresses.
bool is_public(const std::uint8_t* v4) {
  const int a = v4[0], b = v4[1];
  return !(a == 0 || a == 10 || a == 127 || a >= 224 || (a == 100 && b >= 64 && b < 128) ||
           (a == 169 && b == 254) || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) ||
           (a == 192 && b == 0) || (a == 198 && (b == 18 || b == 19 || b == 51)) ||
           (a == 203 && b == 0));
}

bool is_public(const sockaddr* address) {
  if (address->sa_family == AF_INET)
    return is_public(reinterpret_cast<const std::uint8_t*>(
        &reinterpret_cast<const sockaddr_in*>(address)->sin_addr));
  if (address->sa_family != AF_INET6) return false;
  const std::uint8_t* v6 = reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr.s6_addr;
  return (v6[0] & 0xe0) == 0x20 &&                    // 2000::/3
         !(v6[0] == 0x20 && v6[1] == 0x02) &&         // 6to4 hides an IPv4 address
         !(v6[0] == 0x20 && v6[1] == 0x01 && v6[2] == 0 && v6[3] == 0);  // Teredo
}

curl_socket_t open_socket(void* state, curlsocktype, curl_sockaddr* address) {
  auto& exchange = *static_cast<Exchange*>(state);
  if (exchange.request->only_public && !is_public(&address->addr)) {
    exchange.forbidden = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// Called whenever the request is about to be sent: a second time if a kept connection broke off
/// before it was answered.
int about_to_send(void* state, char*, char*, int, int) {
  auto& exchange = *static_cast<Exchange*>(state);
  const bool again = std::exchange(exchange.begun, true);
  return again && exchange.request->once ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/// Handles that nobody uses, with the connections that they keep. The last one to come back goes
/// first, since its connections are the likeliest to be open still.
class Handles {
  struct GiveBack {
    void operator()(CURL* curl) const { all().give_back(curl); }
  };

 public:
  using Loan = std::unique_ptr<CURL, GiveBack>;

  static Loan take() { return Loan(all().idle_one()); }

 private:
  static Handles& all() {
    static Handles one;
    return one;
  }
  CURL* idle_one() {
    const std::lock_guard held(lock_);
    if (idle_.empty()) return curl_easy_init();
    CURL* const curl = idle_.back().release();
    idle_.pop_back();
    return curl;
  }
  void give_back(CURL* curl) {
    std::unique_ptr<CURL, Drop> handle(curl);
    curl_easy_reset(curl);
    const std::lock_guard held(lock_);
    if (idle_.size() < idle_max) idle_.push_back(std::move(handle));
  }

  const CURLcode started_ = curl_global_init(CURL_GLOBAL_DEFAULT);
  std::mutex lock_;
  std::vector<std::unique_ptr<CURL, Drop>> idle_;
};

std::unique_ptr<curl_slist, Drop> headers(const Request& request) {
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  const auto says = [&](std::string_view name) {
    return std::ranges::any_of(request.headers,
                               [&](const std::string& h) { return h.starts_with(name); });
  };
  if (!request.body.empty() && !says("Content-Type:"))
    list = curl_slist_append(list, "Content-Type: application/json");
  for (const std::string& header : request.headers) list = curl_slist_append(list, header.c_str());
  const bool basic = request.token.find(':') != std::string::npos;
  if (!request.token.empty() && !basic)
    list = curl_slist_append(list, ("Authorization: Bearer " + request.token).c_str());
  return std::unique_ptr<curl_slist, Drop>(list);
}

std::unique_ptr<curl_mime, Drop> form(CURL* curl, const Request& request) {
  if (request.form.empty()) return nullptr;
  std::unique_ptr<curl_mime, Drop> mime(curl_mime_init(curl));
  for (const Part& part : request.form) {
    curl_mimepart* added = curl_mime_addpart(mime.get());
    curl_mime_name(added, part.name.c_str());
    curl_mime_data(added, part.value.data(), part.value.size());
    if (!part.file.empty()) curl_mime_filename(added, part.file.c_str());
    if (!part.type.empty()) curl_mime_type(added, part.type.c_str());
  }
  return mime;
}

void set_up(CURL* curl, Exchange& exchange) {
  const Request& request = *exchange.request;
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TCP_NODELAY, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, request.timeout_ms);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, request.stop ? 0L : 1L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_up);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, about_to_send);
  curl_easy_setopt(curl, CURLOPT_PREREQDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, read_bytes);
  // A connection that was made for another call would not pass `open_socket` again.
  curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, request.only_public ? 1L : 0L);
  if (request.token.find(':') != std::string::npos) {
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    curl_easy_setopt(curl, CURLOPT_USERPWD, request.token.c_str());
  }
  if (request.form.empty() && (request.method != "GET" || !request.body.empty())) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

}  // namespace

Result<Reply> send(const Request& request) {
  const Handles::Loan loan = Handles::take();
  CURL* const curl = loan.get();
  if (curl == nullptr) return fail(Fault::unavailable, "fetch_failed", "There is no memory.");
  Exchange exchange{&request, curl, {}};
  set_up(curl, exchange);
  const auto list = headers(request);
  const auto mime = form(curl, request);
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list.get());
  if (mime) curl_easy_setopt(curl, CURLOPT_MIMEPOST, mime.get());
  const CURLcode code = curl_easy_perform(curl);
  if (exchange.stopped) return fail(Fault::unavailable, "fetch_stopped", "It was broken off.");
  if (exchange.forbidden)
    return fail(Fault::unavailable, "fetch_forbidden", "This address is not a public one.");
  if (exchange.too_large) return fail(Fault::unavailable, "fetch_too_large", "The reply is vast.");
  if (code != CURLE_OK) return fail(Fault::unavailable, "fetch_failed", curl_easy_strerror(code));
  long status = 0;
  curl_off_t wait_s = 0;
  char* type = nullptr;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait_s);
  curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
  exchange.reply.status = static_cast<int>(status);
  exchange.reply.type = type == nullptr ? "" : type;
  exchange.reply.retry_after_s = static_cast<int>(std::clamp<curl_off_t>(wait_s, 0, 86'400));
  return std::move(exchange.reply);
}

}  // namespace atelier::engines::fetch
