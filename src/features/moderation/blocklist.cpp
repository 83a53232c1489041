#include <algorithm>
#include <bit>
#include <charconv>

#include "base/text.hpp"
#include "features/markdown/markdown.hpp"
#include "features/moderation/rules.hpp"
#include "features/moderation/spelling.hpp"

// Blocklists: what is on them, and what is held against them.
namespace atelier::moderation {
namespace {

BlockedRow shown(const Blocked& blocked) {
  return {blocked.id,       blocked.kind, blocked.shown,        blocked.distance,
          blocked.response, blocked.note, {blocked.created_at}};
}

std::uint64_t bits_of(std::string_view hex) {
  std::uint64_t bits = 0;
  std::from_chars(hex.data(), hex.data() + hex.size(), bits, 16);
  return bits;
}

/// Addresses in Markdown as a browser will read them, and whatever else has dots.
std::vector<std::string> hosts_of(std::string_view text) {
  std::vector<std::string> hosts = hosts_in(text);
  const auto add = [&](std::string_view more) {
    for (std::string& host : hosts_in(more)) hosts.push_back(std::move(host));
  };
  const std::string html = markdown::to_html(text);
  add(html);
  // Escapes in an address are read by the browser, not by us.
  if (const auto decoded = percent_decode(html, false)) add(*decoded);
  return hosts;
}

class Blocklists final : public platform::Screening {
 public:
  Result<platform::Screened> text(sql::Tx& tx, std::string_view text) const override {
    platform::Screened screened;
    const auto words = TRY(store::all_blocked(tx, BlockedKind::word));
    const std::string spelling = words.empty() ? "" : plain_spelling(text);
    for (const Blocked& word : words)
      if (spelling.find(" " + word.value + " ") != spelling.npos)
        TRY(found(word, "word_blocked", "This text has a word that is not wanted here.", screened));
    const auto domains = TRY(store::all_blocked(tx, BlockedKind::domain));
    if (domains.empty()) return screened;
    const std::vector<std::string> hosts = hosts_of(text);
    for (const Blocked& domain : domains) {
      const auto below = [&](const std::string& host) { return is_under(host, domain.value); };
      if (std::ranges::any_of(hosts, below))
        TRY(found(domain, "domain_blocked", "This text links to a place that is not wanted here.",
                  screened));
    }
    return screened;
  }

  Result<platform::Screened> content(sql::Tx& tx, std::string_view sha256,
                                     std::optional<std::uint64_t> perceptual) const override {
    platform::Screened screened;
    constexpr std::string_view words = "This file is not wanted here.";
    if (const auto same = TRY(store::blocked(tx, BlockedKind::sha256, lower_ascii(sha256))))
      TRY(found(*same, "hash_blocked", words, screened));
    if (!perceptual) return screened;
    for (const Blocked& alike : TRY(store::all_blocked(tx, BlockedKind::perceptual)))
      if (std::popcount(bits_of(alike.value) ^ *perceptual) <= alike.distance)
        TRY(found(alike, "hash_blocked", words, screened));
    return screened;
  }

  Result<void> review(Services& services, sql::Tx& tx, const platform::Subject& subject,
                      const platform::Screened& screened) const override {
    if (!screened.review) return {};
    (void)TRY(open_case(services, tx,
                        {subject.kind, subject.id, subject.owner, subject.title, subject.address},
                        ReportReason::Automated, screened.why, {}));
    return {};
  }

 private:
  /// A refusal wins over a wish to look at it.
  static Result<void> found(const Blocked& blocked, std::string_view code, std::string_view words,
                            platform::Screened& screened) {
    if (blocked.response == BlockResponse::refuse) return fail(Fault::forbidden, code, words);
    screened.review = true;
    screened.why = std::string(schema::label_of(blocked.kind)) + ": " + blocked.shown;
    return {};
  }
};

std::unexpected<Error> value_bad(std::string_view detail) {
  Error error{Fault::invalid, "invalid_request", std::string(detail), {}, 0};
  error.fields.push_back({"/value", "value_bad", std::string(detail)});
  return std::unexpected(std::move(error));
}

bool is_hex(std::string_view text, std::size_t length) {
  return text.size() == length && from_hex(text).has_value();
}

}  // namespace

std::unique_ptr<platform::Screening> make_screening() { return std::make_unique<Blocklists>(); }

Result<Blocked> blocked_of(BlockedKind kind, std::string_view value, std::int64_t distance,
                           BlockResponse response) {
  Blocked blocked;
  blocked.kind = kind;
  blocked.shown = std::string(trim(value));
  blocked.response = response;
  switch (kind) {
    case BlockedKind::sha256:
      if (!is_hex(blocked.shown, 64)) return value_bad("A SHA-256 has 64 hexadecimal digits.");
      blocked.value = lower_ascii(blocked.shown);
      break;
    case BlockedKind::perceptual:
      if (!is_hex(blocked.shown, 16)) return value_bad("Give 16 hexadecimal digits.");
      blocked.value = lower_ascii(blocked.shown);
      blocked.distance = distance;
      break;
    case BlockedKind::domain:
      blocked.value = host_of(blocked.shown);
      if (blocked.value.empty()) return value_bad("This is no domain.");
      break;
    case BlockedKind::word:
      blocked.value = std::string(trim(plain_spelling(blocked.shown)));
      if (blocked.value.empty()) return value_bad("This has no letters.");
      break;
  }
  return blocked;
}

Result<BlockedList> list_blocked(Context& context, const ListBlocked& in) {
  const int limit = in.limit ? static_cast<int>(in.limit->value) : 50;
  BlockedList list;
  for (const Blocked& blocked :
       TRY(store::blocked_page(context.tx(), in.kind, in.query ? in.query->value : "",
                               in.cursor.value_or(BlockId{}), limit)))
    list.items.push_back(shown(blocked));
  if (std::ssize(list.items) == limit)
    list.nextCursor = std::to_string(list.items.back().id.value);
  return list;
}

Result<BlockedRow> add_blocked(Context& context, const AddBlocked& in) {
  Blocked blocked = TRY(blocked_of(in.kind, in.value.value, in.distance ? in.distance->value : 0,
                                   in.response.value_or(BlockResponse::refuse)));
  blocked.note = in.note ? in.note->value : "";
  blocked.created_by = context.viewer.user;
  blocked.created_at = context.now;
  blocked.id = TRY(store::insert_blocked(context.tx(), blocked));
  return shown(blocked);
}

Result<Nothing> remove_blocked(Context& context, const BlockedPath& in) {
  if (!TRY(store::delete_blocked(context.tx(), in.id)))
    return fail(Fault::missing, "block_missing", "There is no such row.");
  return Nothing{};
}

}  // namespace atelier::moderation
