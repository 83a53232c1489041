#pragma once
#include <filesystem>
#include <memory>

#include "ports/search.hpp"

/// Atelier's own search engine: it lives inside the server and keeps one folder per index.
namespace atelier::engines::native_search {

struct Options {
  std::filesystem::path folder;  ///< made if it is not there; belongs to this engine alone
  /// Between two times that what was marked is written down without being asked for; 0 = never.
  int flush_every_ms = 2000;
};

/// Opens nothing yet: indexes are opened by `Engine::open`. Threads of its own end with it.
std::unique_ptr<ports::search::Engine> make_engine(Options options);

}  // namespace atelier::engines::native_search
