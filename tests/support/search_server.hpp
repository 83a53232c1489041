#pragma once
#include <string>

/// Real servers for the suites of `engines/elasticsearch`. Both start when one is first asked for:
/// their jars come from Maven Central into .cache/ (50 MB each, once), they listen on a free port
/// of 127.0.0.1, keep everything in a temporary folder, and are killed when the test binary ends.
/// Needs `java` (17 or newer) and, for the first time, `mvn`.
namespace atelier::test {

enum class SearchServerKind : unsigned char { opensearch, elasticsearch };

struct SearchServer {
  std::string url;     ///< "" = it cannot be had
  std::string absent;  ///< then why
};

const SearchServer& search_server(SearchServerKind kind);

}  // namespace atelier::test
