#pragma once
#include <memory>
#include <string>

#include "ports/search.hpp"

/// The search port over a server of Elasticsearch (7.10 or newer) or OpenSearch (2 or newer), by
/// its REST interface. Which of them it is, is asked at the first request. Vectors need
/// Elasticsearch 8.4 or OpenSearch with its k-NN plugin; with other servers texts are searched
/// alone, and a query of nothing but a vector is `search_unavailable`.
namespace atelier::engines::elasticsearch {

struct Account {
  std::string url;       ///< "https://search.example.org:9200"; http or https
  std::string username, password;  ///< "" = none
  std::string api_key;   ///< instead of a password, as `Authorization: ApiKey`
  std::string authority; ///< PEM file that vouches for the server; "" = the system's
  /// Indexes are named "<prefix>-models-1" and so on. Hubs on one server need different ones.
  std::string prefix = "atelier";
  int search_ms = 10'000;   ///< the longest that a search may take
  int change_ms = 60'000;   ///< the longest that a batch of changes may take
};

/// While the server is away everything is `search_unavailable`, `open` too: try again. After five
/// requests in a row without an answer nothing is asked for some seconds.
std::unique_ptr<ports::search::Engine> make_engine(Account account);

}  // namespace atelier::engines::elasticsearch
