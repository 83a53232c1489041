#pragma once
#include <memory>
#include <string>

#include "ports/embedder.hpp"

namespace atelier::engines::openai_embeddings {

struct Account {
  std::string url;    ///< up to the version: "https://api.example.org/v1"; http or https
  std::string key;    ///< sent as Bearer; "" = none (a server of one's own)
  std::string model;  ///< "text-embedding-3-small"
  int dimensions = 0; ///< that this model gives
  long timeout_ms = 30'000;  ///< of one request
};

/// Vectors from a server that speaks OpenAI's `POST /embeddings` (its API reference, "Create
/// embeddings"), by libcurl: 64 texts in a request, each cut at 8,000 bytes; no redirects, replies
/// up to 64 MB. A query waits a second at most, and none is sent for 30 s after one got no answer.
/// The key is in no error and no log. Errors are `unavailable`:
/// `embedder_unreachable` (no connection, time is up, reply too large), `embedder_refused` (a
/// status other than 200; `retry_after_s` as it said), `embedder_reply` (not what was asked for).
std::unique_ptr<ports::Embedder> make_embedder(Account account);

}  // namespace atelier::engines::openai_embeddings
