#pragma once
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace atelier::app {

/// How this process runs. Later sources win: defaults, `atelier.toml`, environment (`ATELIER_…`),
/// flags. What may change while it runs are settings (platform/settings.hpp) instead.
struct Configuration {
  std::filesystem::path data = "data";
  std::vector<std::string> listen{"127.0.0.1:8080"};
  std::string database;   ///< "" = SQLite in the data directory; "postgresql://…"
  std::string origin;     ///< the public "https://host"; "" = from each request
  int threads = 0;        ///< HTTP loops; 0 = one per core
  int pool_threads = 8;   ///< for reads that may block and slow preparation
  int connections_per_address = 512;  ///< open at once; 0 = any number; loopback has no limit
  int rate_percent = 100; ///< of the usual rate limits; 0 = none (benchmarks, closed networks)
  std::vector<std::string> trusted_proxies;
  std::string certificate, private_key;  ///< PEM files; both or none
  std::string log_level = "info";
  struct Mail {
    std::string url, username, password, from;
  } mail;                 ///< url "" = no mail
  struct Search {
    std::string url;      ///< of Elasticsearch or OpenSearch; "" = the engine that is built in
    std::string username, password, api_key;
    std::string authority;           ///< PEM file of who vouches for its certificate
    std::string prefix = "atelier";  ///< of its indexes' names
  } search;
  struct Embeddings {
    std::string url, key, model;
    int dimensions = 0;
  } embeddings;           ///< a server that speaks OpenAI's; url "" = learnt from the hub's texts
  bool demo = false;
};

using Environment = std::function<const char*(const char* name)>;

/// Reads `file` (absent is fine unless `must_exist`) and the environment over the defaults.
/// Unknown keys and wrong kinds are faults, all at once.
Result<Configuration> load_configuration(const std::filesystem::path& file, bool must_exist,
                                         const Environment& environment);

}  // namespace atelier::app
