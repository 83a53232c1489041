#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "platform/services.hpp"
#include "platform/subjects.hpp"
#include "ports/database.hpp"

/// What may not be kept here: words, domains of links, and files by their hashes, as moderators
/// blocked them. Features ask before they keep what people send; the lists are features/moderation.
namespace atelier::platform {

/// What to do with something that may be kept.
struct Screened {
  bool review = false;  ///< keep it, and put it before moderators
  std::string why;      ///< for moderators: what it matched
};

class Screening {
 public:
  virtual ~Screening() = default;
  /// Markdown, or any text that people see. `forbidden` with code `word_blocked` or
  /// `domain_blocked`.
  virtual Result<Screened> text(sql::Tx& tx, std::string_view text) const = 0;
  /// A file by its SHA-256 (lower-case hex) and, for pictures, `Appearance::perceptual_hash`.
  /// `forbidden` with code `hash_blocked`.
  virtual Result<Screened> content(sql::Tx& tx, std::string_view sha256,
                                   std::optional<std::uint64_t> perceptual) const = 0;
  /// Files a report of reason Automated, or does nothing if `screened` wants none.
  virtual Result<void> review(Services& services, sql::Tx& tx, const Subject& subject,
                              const Screened& screened) const = 0;
};

/// The usual way: every text of one thing that was just stored, in its transaction. An error takes
/// the thing back with it. Nothing is blocked where `services.screening` is null.
Result<void> screen(Services& services, sql::Tx& tx, const Subject& subject,
                    std::initializer_list<std::string_view> texts);

}  // namespace atelier::platform
