#pragma once
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/message.hpp"

namespace atelier::http {

/// One file of the built pages: "/assets/index-DMxpcXhK.js". "….br" and "….gz" are encodings of
/// the file without that ending.
struct Asset {
  std::string_view path;
  std::string_view bytes;
};

/// The web pages: files by their path, and the one page whose script draws every other path.
/// Immutable; thread-safe.
class Site {
 public:
  explicit Site(const std::vector<Asset>& assets);
  /// What was built into this program.
  static std::shared_ptr<const Site> embedded();
  bool empty() const { return files_.empty(); }

  /// The reply to a GET or HEAD of a path that no endpoint has: a file (with ETag, encoded as the
  /// client likes, kept for ever if its name carries a hash), else the page, if the client takes
  /// HTML. Nothing for anything else.
  std::optional<Response> answer(const Request& request) const;

 private:
  struct Variant {
    SharedBytes bytes;
    std::string etag;
  };
  struct File {
    Variant plain, brotli, gzip;
    std::string type;
    bool lasting = false;  ///< the name changes with the content
  };
  Response send(const Request& request, const File& file) const;

  std::map<std::string, File, std::less<>> files_;
  const File* page_ = nullptr;
};

/// RFC 9110 §12.5.3: whether an Accept-Encoding field takes `coding`.
bool accepts_coding(std::string_view field, std::string_view coding);
/// RFC 9110 §13.1.2: whether an If-None-Match field names `etag` (weak comparison).
bool names_etag(std::string_view field, std::string_view etag);

}  // namespace atelier::http
