#include "engines/openai_embeddings/openai_embeddings.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "platform/log.hpp"
#include "schema/json.hpp"

namespace atelier::engines::openai_embeddings {

struct EmbeddingsRequest {
  std::string model;
  std::vector<std::string> input;
  std::string encoding_format = "float";
};
BOOST_DESCRIBE_STRUCT(EmbeddingsRequest, (), (model, input, encoding_format))

struct EmbeddingsItem {
  std::int64_t index = 0;
  std::vector<double> embedding;
};
BOOST_DESCRIBE_STRUCT(EmbeddingsItem, (), (index, embedding))

struct EmbeddingsReply {
  std::vector<EmbeddingsItem> data;
};
BOOST_DESCRIBE_STRUCT(EmbeddingsReply, (), (data))

namespace {

constexpr std::size_t texts_at_once = 64, text_bytes_max = 8000, reply_bytes_max = 64 << 20;
constexpr long connect_ms = 5000;

std::size_t collect(char* bytes, std::size_t size, std::size_t count, void* state) {
  auto& reply = *static_cast<std::string*>(state);
  if (reply.size() + size * count > reply_bytes_max) return 0;
  reply.append(bytes, size * count);
  return size * count;
}

std::string cut(std::string_view text) {
  std::size_t end = std::min(text.size(), text_bytes_max);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return std::string(text.substr(0, end));
}

bool says_something(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") != text.npos;
}

std::unexpected<Error> bad_reply() {
  return fail(Fault::unavailable, "embedder_reply",
              "The server of embeddings answered something else.");
}

class Remote final : public ports::Embedder {
 public:
  explicit Remote(Account account) : account_(std::move(account)) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
  }

  std::string identity() override {
    if (account_.url.empty() || account_.model.empty()) return "";
    return "openai:" + account_.url + ':' + account_.model + ':' +
           std::to_string(account_.dimensions);
  }
  int dimensions() override { return account_.dimensions; }

  Result<std::vector<std::vector<float>>> embed(std::span<const std::string> texts) override {
    std::vector<std::vector<float>> vectors(texts.size());
    std::vector<std::size_t> places;
    EmbeddingsRequest request{account_.model, {}};
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (says_something(texts[i])) {
        request.input.push_back(cut(texts[i]));
        places.push_back(i);
      }
      if (request.input.size() == texts_at_once || (i + 1 == texts.size() && !places.empty())) {
        const std::string reply = TRY(ask(schema::to_json(request)));
        TRY(read(reply, places, vectors));
        request.input.clear();
        places.clear();
      }
    }
    return vectors;
  }

 private:
  Result<std::string> ask(const std::string& body) const {
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/json");
    if (!account_.key.empty())
      list = curl_slist_append(list, ("Authorization: Bearer " + account_.key).c_str());
    const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(list, curl_slist_free_all);
    std::string reply;
    curl_easy_setopt(curl.get(), CURLOPT_URL, (account_.url + "/embeddings").c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &reply);
    curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, account_.timeout_ms);
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
    const CURLcode code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) {
      log::warning("embedder.unreachable", {{"cause", curl_easy_strerror(code)}});
      return fail(Fault::unavailable, "embedder_unreachable",
                  "The server of embeddings does not answer.");
    }
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status == 200) return reply;
    curl_off_t wait_s = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RETRY_AFTER, &wait_s);
    log::warning("embedder.refused", {{"status", std::to_string(status)}});
    auto error = fail(Fault::unavailable, "embedder_refused",
                      "The server of embeddings refuses: status " + std::to_string(status) + ".");
    error.error().retry_after_s =
        static_cast<int>(std::clamp<curl_off_t>(wait_s, 0, 24 * 60 * 60));
    return error;
  }

  /// Items may come in any order; each place once.
  Result<void> read(std::string_view bytes, const std::vector<std::size_t>& places,
                    std::vector<std::vector<float>>& vectors) const {
    EmbeddingsReply reply;
    if (!schema::read_json(bytes, schema::type_of<EmbeddingsReply>(), &reply,
                           schema::Members::superset) ||
        reply.data.size() != places.size())
      return bad_reply();
    for (const EmbeddingsItem& item : reply.data) {
      if (item.index < 0 || item.index >= std::ssize(places) ||
          std::ssize(item.embedding) != account_.dimensions)
        return bad_reply();
      auto& vector = vectors[places[static_cast<std::size_t>(item.index)]];
      double squares = 0;
      for (const double x : item.embedding) squares += x * x;
      if (!vector.empty() || !std::isfinite(squares) || squares < 1e-20) return bad_reply();
      for (const double x : item.embedding)
        vector.push_back(static_cast<float>(x / std::sqrt(squares)));
    }
    return {};
  }

  Account account_;
};

}  // namespace

std::unique_ptr<ports::Embedder> make_embedder(Account account) {
  return std::make_unique<Remote>(std::move(account));
}

}  // namespace atelier::engines::openai_embeddings
