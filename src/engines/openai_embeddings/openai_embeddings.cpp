#include "engines/openai_embeddings/openai_embeddings.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <optional>

#include "engines/fetch/fetch.hpp"
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
constexpr long query_ms = 1'000;
constexpr std::chrono::seconds quiet{30};

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
  explicit Remote(Account account) : account_(std::move(account)) {}

  std::string identity() override {
    if (account_.url.empty() || account_.model.empty()) return "";
    return "openai:" + account_.url + ':' + account_.model + ':' +
           std::to_string(account_.dimensions);
  }
  int dimensions() override { return account_.dimensions; }

  Result<std::vector<std::vector<float>>> embed(std::span<const std::string> texts) override {
    return embed_within(account_.timeout_ms, texts);
  }

  Result<std::vector<float>> embed_query(const std::string& text) override {
    if (Clock::now().time_since_epoch().count() < quiet_until_)
      return fail(Fault::unavailable, "embedder_unreachable",
                  "The server of embeddings did not answer a moment ago.");
    auto vectors = embed_within(std::min(account_.timeout_ms, query_ms), {&text, 1});
    if (vectors) return std::move(vectors->front());
    quiet_until_ = (Clock::now() + quiet).time_since_epoch().count();
    return std::unexpected(vectors.error());
  }

 private:
  using Clock = std::chrono::steady_clock;

  Result<std::vector<std::vector<float>>> embed_within(long timeout_ms,
                                                       std::span<const std::string> texts) const {
    std::vector<std::vector<float>> vectors(texts.size());
    std::vector<std::size_t> places;
    EmbeddingsRequest request{account_.model, {}};
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (says_something(texts[i])) {
        request.input.push_back(cut(texts[i]));
        places.push_back(i);
      }
      if (request.input.size() == texts_at_once || (i + 1 == texts.size() && !places.empty())) {
        const std::string reply = TRY(ask(timeout_ms, schema::to_json(request)));
        TRY(read(reply, places, vectors));
        request.input.clear();
        places.clear();
      }
    }
    return vectors;
  }

  Result<std::string> ask(long timeout_ms, const std::string& body) const {
    fetch::Request request{.method = "POST", .url = account_.url + "/embeddings", .body = body,
                           .timeout_ms = timeout_ms, .reply_max = reply_bytes_max};
    if (!account_.key.empty()) request.headers = {"Authorization: Bearer " + account_.key};
    auto reply = fetch::send(request);
    if (!reply) {
      log::warning("embedder.unreachable", {{"cause", reply.error().detail}});
      return fail(Fault::unavailable, "embedder_unreachable",
                  "The server of embeddings does not answer.");
    }
    if (reply->status == 200) return std::move(reply->body);
    log::warning("embedder.refused", {{"status", std::to_string(reply->status)}});
    auto error = fail(Fault::unavailable, "embedder_refused",
                      "The server of embeddings refuses: status " +
                          std::to_string(reply->status) + ".");
    error.error().retry_after_s = reply->retry_after_s;
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
  std::atomic<Clock::rep> quiet_until_{0};
};

}  // namespace

std::unique_ptr<ports::Embedder> make_embedder(Account account) {
  return std::make_unique<Remote>(std::move(account));
}

}  // namespace atelier::engines::openai_embeddings
