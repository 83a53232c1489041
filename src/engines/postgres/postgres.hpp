#pragma once
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "ports/database.hpp"

/// PostgreSQL through libpq. Write bodies run on the engine's own threads, each with a connection,
/// in SERIALIZABLE transactions that are run again when the server asks for it; reads see one
/// snapshot on the caller's thread. Lost connections are made anew.
namespace atelier::postgres {

struct Options {
  int writers = 8;       ///< threads and connections; the first serves only the interactive lane,
                         ///< the second not the bulk lane
  int readers_max = 16;  ///< connections; the next reader waits
  std::chrono::milliseconds read_max{5000};    ///< a longer statement of a read ends in `timeout`
  std::chrono::milliseconds write_max{30000};  ///< the same in a write
  std::size_t queue_max = 4096;                ///< waiting writes per lane
  std::chrono::milliseconds queue_age_max{5000};
};

/// `connection` is a libpq string or URI. `unavailable` (`database_down`) when it cannot be
/// reached now.
Result<std::unique_ptr<sql::Database>> open(const std::string& connection,
                                            const Options& options = {});

}  // namespace atelier::postgres
