#pragma once
#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.hpp"

namespace atelier {

namespace sql { class Database; }
namespace ports {
class Blobs;
class Crypto;
class Digests;
class Embedder;
class Generators;
class Imaging;
class Mailer;
namespace search { class Engine; }
}  // namespace ports
class Identity;

namespace platform {
class Events;
class Indexing;
class Jobs;
class Live;
class Metrics;
class Pool;
class ReplyCache;
class Screening;
class Searchables;
class Settings;
class Subjects;
class Throttle;
}  // namespace platform

/// The parts every feature stands on, wired once in app/. Pointers are never null while the
/// server runs, except `mailer`, which is null when no mail is configured, and `search` with
/// `embedder`, which are null in commands and tests that look nothing up.
struct Services {
  const Clock* clock = nullptr;
  sql::Database* database = nullptr;
  ports::Blobs* blobs = nullptr;
  ports::Digests* digests = nullptr;
  ports::Imaging* imaging = nullptr;
  ports::Generators* generators = nullptr;  ///< null in tests that make no pictures
  ports::Mailer* mailer = nullptr;
  ports::search::Engine* search = nullptr;
  ports::Embedder* embedder = nullptr;
  platform::Indexing* indexing = nullptr;        ///< as `search`
  ports::Crypto* crypto = nullptr;
  Identity* identity = nullptr;
  platform::Events* events = nullptr;
  platform::Jobs* jobs = nullptr;
  platform::Live* live = nullptr;
  platform::Metrics* metrics = nullptr;
  platform::Pool* pool = nullptr;
  platform::ReplyCache* replies = nullptr;
  platform::Settings* settings = nullptr;
  const platform::Screening* screening = nullptr;  ///< null = nothing is blocked (tests)
  const platform::Searchables* searchables = nullptr;
  const platform::Subjects* subjects = nullptr;
  platform::Throttle* throttle = nullptr;
  const std::atomic<bool>* draining = nullptr;  ///< true once the server stops; null = never
  std::filesystem::path folder;  ///< the data directory
  std::string secret;            ///< 32 random bytes, kept in folder/secret; signs links
};

}  // namespace atelier
