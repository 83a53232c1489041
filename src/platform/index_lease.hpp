#pragma once
// Private to indexing.cpp and the sources of IndexLine.
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "ports/database.hpp"

namespace atelier {
struct Services;
}

namespace atelier::platform {

inline constexpr std::string_view elsewhere_code = "search_elsewhere";
inline constexpr std::string_view elsewhere = "another server of this database keeps the indexes";

/// Which of several servers on one database keeps the indexes: a row of SQL that says until when,
/// 15 s from each renewal. Whoever works on an index asks before each write, so that slow work
/// renews the lease, and nothing is written after another server took it. An embedded database has
/// one server, which need not ask. Thread-safe.
class IndexLease {
 public:
  /// A time during which no other server can have held it. Rises; 0 = not held.
  using Term = std::int64_t;

  explicit IndexLease(Services& services);

  /// As far as is known.
  Term term() const;
  /// Goes on with the term, or begins one if nobody else holds the lease. Returns it; 0 = another
  /// server holds it, or SQL did not answer for as long as it lasts.
  Term take();
  /// Before a write to an index. Renews if the lease was not renewed lately. Errors: `unavailable`
  /// with `search_elsewhere` if the term has ended, and SQL's.
  Result<void> go_on(Term term);
  /// Before what must not be late: renews in any case. Errors: as `go_on`.
  Result<void> renew(Term term);
  /// The same in the transaction of what else holds only while the term goes on.
  Result<void> renew(sql::Tx& tx, Term term);

 private:
  Result<void> begin();
  Result<void> still(Term term) const;
  void end(Term term);
  bool older_than(Millis age) const;

  Services& services_;
  const bool alone_;          ///< the database is embedded
  const std::string holder_;
  mutable std::mutex mutex_;
  Term term_ = 0, last_ = 0;
  Millis renewed_at_ = 0;  ///< not later than what SQL says minus 15 s
};

}  // namespace atelier::platform
