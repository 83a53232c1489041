#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <numeric>
#include <span>
#include <vector>

#include "engines/native_search/meeting.hpp"
#include "engines/native_search/query_plan.hpp"
#include "engines/native_search/selection.hpp"

namespace atelier::engines::native_search {

/// A leaf in one segment.
struct LeafCursor {
  Postings postings;
  const Leaf* leaf = nullptr;
  bool there = false;         ///< the segment has the term
  bool matching = false;      ///< a group moves it; else scoring does
  bool by_bits = false;       ///< bits say who is in its group
  bool anywhere = true;       ///< counts in every field
  WordBits bits;              ///< who has the term, or may have it
  float bound = 0;            ///< in the block `bounded`
  std::uint32_t bounded = Postings::end;

  /// The leaf's postings are at a document; is it there in one of the fields that count?
  bool counts() {
    const unsigned mask = postings.mask();
    if (anywhere || (mask & ~leaf->fields) == 0) return true;
    for (unsigned fields = mask & leaf->fields; fields != 0; fields &= fields - 1)
      if (postings.frequency(static_cast<std::uint32_t>(std::countr_zero(fields))) > 0)
        return true;
    return false;
  }
};

/// Who of a segment takes part.
struct Accept {
  const Bitset* bits = nullptr;           ///< null = all
  std::span<const Selection> selections;  ///< and these all hold

  bool everything() const { return !bits && selections.empty(); }
  bool operator()(std::uint32_t doc) const {
    if (bits && !bits->test(doc)) return false;
    for (const Selection& each : selections)
      if (!each.holds(doc)) return false;
    return true;
  }
  /// See `keep_places`.
  std::uint32_t keep(std::span<const std::uint32_t> docs, std::span<std::uint8_t> places) const {
    if (bits)
      places = places.first(
          keep_places(docs, places, [&](std::uint32_t doc) { return bits->test(doc); }));
    for (const Selection& each : selections) places = places.first(each.keep(docs, places));
    return static_cast<std::uint32_t>(places.size());
  }
};

/// What searches of one thread allocate once and use again.
class Scratch {
 public:
  Bitset& bits(std::uint32_t size, bool value);
  LeafCursor& cursor();
  std::vector<std::uint32_t>& list();  ///< the only one
  void reset();
  static Scratch& of_this_thread();

 private:
  std::deque<Bitset> bits_;
  std::deque<LeafCursor> cursors_;
  std::vector<std::uint32_t> list_;
  std::size_t bits_used_ = 0, cursors_used_ = 0;
};

/// The clauses of a plan in one segment: which documents match, rising, and what they score.
/// Words of one term, or of one term and its stem, are walked through together, the rarest in
/// front; of the others the common ones are asked by their bits first. All else becomes a set.
class Matcher {
 public:
  Matcher(const QueryPlan& plan, const Part& part, std::uint32_t number, Scratch& scratch);

  /// Takes the clause into the conjunction. False: nothing in this segment can match.
  bool add(const PlannedClause& clause);
  /// `accept` and what `add` has made a set of.
  Accept accepted(const Accept& accept);
  /// At most so many documents are looked at.
  std::uint64_t rarest() const;

  /// Every match among `accept`, which includes what `accepted` says.
  template <class OnMatch>
  void run(const Accept& accept, OnMatch&& on_match);

  /// The one leaf of a query that is nothing but that; null = it is more.
  LeafCursor* alone();

  /// At a match: no score is higher.
  float bound(std::uint32_t doc);
  /// Where only these `fields` have it.
  float bound_of(const LeafCursor& cursor, std::uint32_t block, unsigned fields = ~0u) const;
  /// Sum over all leaves in the order of the plan, so that it is the same however it was found.
  float score(std::uint32_t doc);
  float score(LeafCursor& cursor, std::uint32_t doc) const;

  const std::deque<LeafCursor*>& cursors() const { return cursors_; }
  const QueryPlan& plan() const { return plan_; }
  const Part& part() const { return part_; }

 private:
  using Group = std::vector<LeafCursor*>;
  /// How some word begins. It weighs as in the heaviest field where a document has it.
  struct Beginning {
    float factor = 0;
    Bitset* anywhere = nullptr;
    std::vector<std::uint32_t> fields;  ///< the heaviest first
    std::vector<Bitset*> sets;          ///< of each field but the lightest: what is left
    std::vector<float> bounds;          ///< of each field
    std::size_t heaviest(std::uint32_t doc) const {
      std::size_t at = 0;
      while (at < sets.size() && !sets[at]->test(doc)) ++at;
      return at;
    }
  };
  struct Phrase {
    const PlannedClause* clause = nullptr;
    std::vector<LeafCursor*> leaves;  ///< where each word is one term; else empty
  };
  static std::uint64_t documents_of(const Group& group);
  void use_bits();
  static bool may_have(const Group& group, std::uint32_t doc) {
    return std::ranges::any_of(group, [&](const LeafCursor* leaf) {
      return leaf->bits.may_have(doc);
    });
  }
  bool may_match(std::uint32_t doc) const {
    return std::ranges::all_of(bit_groups_,
                               [&](const Group& group) { return may_have(group, doc); });
  }
  float block_bound(LeafCursor& cursor, std::uint32_t block) const;
  std::uint32_t keep(const Accept& accept, std::span<const std::uint32_t> docs,
                     std::span<std::uint8_t> places) const;
  bool add_group(const PlannedWord& word);
  void add_set(const PlannedWord& word, const PlannedClause& clause);
  void set_of(const PlannedWord& word, std::uint32_t fields, Bitset& out);
  void set_beginnings(const PlannedWord& word, std::uint32_t fields, Bitset& out);
  void set_group(const PlannedWord::Group& group, std::uint32_t fields, Bitset& out);
  void set_term(const TermEntry& entry, std::uint32_t fields, Bitset& out);
  void set_beginning(const TermEntry& entry, std::uint32_t fields, Beginning& beginning);
  void prefetch(std::span<const std::uint32_t> docs, std::span<const std::uint8_t> places) const;
  bool others_match(std::uint32_t doc, std::uint32_t& need);
  /// A phrase of two words so common that most blocks of both are needed, and nothing else.
  bool side_by_side() const;
  template <class OnMatch>
  void run_pair(const Accept& accept, OnMatch&& on_match);
  bool verified(std::uint32_t doc);
  bool in_a_row(const Phrase& phrase);
  Phrase phrase_of(const PlannedClause& clause) const;
  bool phrase_in(const PlannedClause& clause, std::uint32_t field, std::uint32_t doc);
  bool leaves_in_a_row(const std::vector<LeafCursor*>& leaves, std::uint32_t field);
  void step(const std::vector<PlannedWord::Group>& reading, std::uint32_t field,
            std::uint32_t doc);
  const std::vector<std::uint32_t>& positions(std::uint32_t leaf, std::uint32_t field,
                                              std::uint32_t doc);
  std::uint32_t nearest(const Group& group, std::uint32_t doc, bool& found);

  const QueryPlan& plan_;
  const Part& part_;
  std::uint32_t number_;
  Scratch& scratch_;
  std::deque<LeafCursor*> cursors_;   ///< by leaf
  std::vector<Group> groups_;         ///< the rarest first, once `accepted` was asked
  std::vector<Group> bit_groups_;     ///< have bits; if those are exact not among `groups_`
  std::vector<Bitset*> sets_;
  std::vector<Beginning> beginnings_;
  std::vector<Phrase> phrases_;
  std::array<float, text_fields_max> scale_{};  ///< impacts of this segment to frequencies
  Postings walker_;
  std::vector<std::uint32_t> starts_, reached_, ends_, positions_, more_positions_;
};

template <class OnMatch>
void Matcher::run(const Accept& accept, OnMatch&& on_match) {
  std::uint32_t need = 0;
  if (groups_.empty()) {
    const auto visit = [&](std::uint32_t doc) {
      if (accept(doc) && verified(doc)) on_match(doc);
    };
    if (accept.bits) return accept.bits->for_each(visit);
    for (std::uint32_t doc = 0; doc < part_.segment->documents(); ++doc) visit(doc);
    return;
  }
  if (side_by_side()) return run_pair(accept, on_match);
  Group& driver = groups_[0];
  if (driver.size() > 1) {
    bool found = false;
    for (std::uint32_t doc = nearest(driver, 0, found); doc != Postings::end;
         doc = nearest(driver, std::max(doc + 1, need), found))
      if (found && may_match(doc) && accept(doc) && others_match(doc, need) && verified(doc))
        on_match(doc);
    return;
  }
  LeafCursor& leaf = *driver[0];
  Postings& postings = leaf.postings;
  postings.seek(0);
  std::array<std::uint8_t, block_postings> places;
  while (postings.doc() != Postings::end) {
    const auto docs = postings.docs();
    std::iota(places.begin(), places.end(), std::uint8_t{0});
    const std::uint32_t count = keep(accept, docs, std::span(places).first(docs.size()));
    prefetch(docs, std::span(places).first(count));
    const std::uint32_t last = docs.back();
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t doc = docs[places[i]];
      if (doc < need) continue;
      postings.stand(places[i]);
      if (leaf.counts() && others_match(doc, need) && verified(doc)) on_match(doc);
    }
    if (need > last) postings.seek(need);
    else postings.to_block(postings.block() + 1);
  }
}

/// Block against block.
template <class OnMatch>
void Matcher::run_pair(const Accept& accept, OnMatch&& on_match) {
  Postings& first = phrases_[0].leaves[0]->postings;
  Postings& second = phrases_[0].leaves[1]->postings;
  first.seek(0);
  second.seek(0);
  Meeting meeting;
  while (first.doc() != Postings::end && second.doc() != Postings::end) {
    const auto docs = first.docs();
    meeting.go_on(docs, second.docs());
    if (!accept.everything())
      meeting.keep([&](std::uint32_t at, std::uint32_t) { return accept(docs[at]); });
    meeting.keep_in_a_row(first, second, phrases_[0].clause->fields);
    for (std::uint32_t i = 0; i < meeting.met; ++i) {
      const std::uint32_t doc = docs[meeting.in_first[i]];
      first.stand(meeting.in_first[i]);
      second.stand(meeting.in_second[i]);
      on_match(doc);
    }
    meeting.next_blocks(first, second);
  }
}

}  // namespace atelier::engines::native_search
