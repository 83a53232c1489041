#include "engines/native_search/matcher.hpp"

#include <algorithm>

#include "engines/native_search/ranking.hpp"

namespace atelier::engines::native_search {
namespace {

/// Of more who may match most do not, where lists still have a say.
constexpr std::size_t scored_at_once = 32;
constexpr std::size_t kept_bits = 24;  ///< sets that a rare query needed beyond are given back

}  // namespace

Bitset& Scratch::bits(std::uint32_t size, bool value) {
  if (bits_used_ == bits_.size()) bits_.emplace_back();
  Bitset& out = bits_[bits_used_++];
  out.assign(size, value);
  return out;
}

LeafCursor& Scratch::cursor() {
  if (cursors_used_ == cursors_.size()) cursors_.emplace_back();
  LeafCursor& out = cursors_[cursors_used_++];
  out.there = out.matching = out.by_bits = false;
  out.bits = {};
  out.bounded = Postings::end;
  return out;
}

std::vector<std::uint32_t>& Scratch::list() {
  list_.clear();
  return list_;
}

void Scratch::reset() {
  bits_used_ = cursors_used_ = 0;
  if (bits_.size() > kept_bits) bits_.resize(kept_bits);
}

Scratch& Scratch::of_this_thread() {
  thread_local Scratch scratch;
  return scratch;
}

Matcher::Matcher(const QueryPlan& plan, const Part& part, std::uint32_t number, Scratch& scratch)
    : plan_(plan), part_(part), number_(number), scratch_(scratch) {
  const Segment& segment = *part.segment;
  for (std::uint32_t field = 0; field < segment.fields(); ++field)
    // where the average is longer than it was in this segment, lengths weigh less
    scale_[field] = plan.norms[field].weight *
                    std::max(1.0f, plan.norms[field].average / segment.average(field)) * 1.0001f;
  const std::uint32_t every = (1u << segment.fields()) - 1;
  for (const Leaf& leaf : plan.leaves) {
    LeafCursor& cursor = scratch.cursor();
    cursor.leaf = &leaf;
    cursor.anywhere = leaf.fields == every;
    cursor.there = leaf.found[number].has_value();
    if (cursor.there) {
      cursor.postings.open_later(segment, *leaf.found[number]);
      cursor.bits = segment.bits(*leaf.found[number]);
    }
    cursors_.push_back(&cursor);
  }
}

bool Matcher::add(const PlannedClause& clause) {
  for (const PlannedWord& word : clause.words) {
    const bool listed = word.beginning.empty() || cursors_[word.beginning_leaf]->there;
    if (!listed || !word.one_group()) add_set(word, clause);
    else if (!add_group(word)) return false;
  }
  if (clause.phrase) phrases_.push_back(phrase_of(clause));
  return true;
}

/// A form that begins so itself has nobody whom the list does not have.
bool Matcher::add_group(const PlannedWord& word) {
  Group group;
  const auto take = [&](std::uint32_t leaf) {
    if (!cursors_[leaf]->there) return;
    group.push_back(cursors_[leaf]);
    cursors_[leaf]->matching = true;
  };
  if (!word.beginning.empty()) take(word.beginning_leaf);
  for (const std::uint32_t leaf : word.readings[0][0])
    if (word.beginning.empty() || !plan_.leaves[leaf].term.starts_with(word.beginning)) take(leaf);
  if (group.empty()) return false;
  groups_.push_back(std::move(group));
  return true;
}

void Matcher::add_set(const PlannedWord& word, const PlannedClause& clause) {
  Bitset& out = scratch_.bits(part_.segment->documents(), false);
  set_of(word, clause.fields, out);
  sets_.push_back(&out);
}

void Matcher::set_of(const PlannedWord& word, std::uint32_t fields, Bitset& out) {
  if (!word.beginning.empty()) {
    if (const auto& list = plan_.leaves[word.beginning_leaf].found[number_])
      set_term(*list, fields, out);
    else
      set_beginnings(word, fields, out);
  }
  for (const auto& reading : word.readings) {
    if (reading.size() == 1) {
      set_group(reading[0], fields, out);
      continue;
    }
    Bitset& all = scratch_.bits(out.size(), false);
    set_group(reading[0], fields, all);
    for (std::size_t i = 1; i < reading.size(); ++i) {
      Bitset& next = scratch_.bits(out.size(), false);
      set_group(reading[i], fields, next);
      all.and_with(next.words());
    }
    out.or_with(all.words());
  }
}

void Matcher::set_group(const PlannedWord::Group& group, std::uint32_t fields, Bitset& out) {
  for (const std::uint32_t leaf : group)
    if (const auto& entry = plan_.leaves[leaf].found[number_]) set_term(*entry, fields, out);
}

void Matcher::set_term(const TermEntry& entry, std::uint32_t fields, Bitset& out) {
  walker_.open(*part_.segment, entry);
  for (; walker_.doc() != Postings::end; walker_.to_block(walker_.block() + 1)) {
    const auto docs = walker_.docs();
    if ((walker_.mask() & ~fields) == 0) {
      for (const std::uint32_t doc : docs) out.set(doc);
      continue;
    }
    for (unsigned mask = walker_.mask() & fields; mask != 0; mask &= mask - 1) {
      const auto* const frequencies =
          walker_.frequencies(static_cast<std::uint32_t>(std::countr_zero(mask)));
      for (std::size_t i = 0; i < docs.size(); ++i)
        if (frequencies[i] > 0) out.set(docs[i]);
    }
  }
}

void Matcher::set_beginnings(const PlannedWord& word, std::uint32_t fields, Bitset& out) {
  const Segment& segment = *part_.segment;
  Beginning beginning{word.beginning_factor, &scratch_.bits(out.size(), false), {}, {}, {}};
  for (const std::uint32_t field : plan_.by_weight)
    if (fields >> field & 1) beginning.fields.push_back(field);
  for (const std::uint32_t field : beginning.fields) {
    if (beginning.bounds.size() + 1 < beginning.fields.size())
      beginning.sets.push_back(&scratch_.bits(out.size(), false));
    beginning.bounds.push_back(
        beginning.factor * saturated(plan_.frequency(field, 1, segment.shortest(field))));
  }
  // A word in a lighter but short text may be worth more than one in a long title.
  for (std::size_t i = beginning.bounds.size(); i-- > 1;)
    beginning.bounds[i - 1] = std::max(beginning.bounds[i - 1], beginning.bounds[i]);
  for (const TermEntry& entry : word.beginnings[number_]) set_beginning(entry, fields, beginning);
  out.or_with(beginning.anywhere->words());
  if (beginning.factor > 0) beginnings_.push_back(std::move(beginning));
}

void Matcher::set_beginning(const TermEntry& entry, std::uint32_t fields, Beginning& beginning) {
  walker_.open(*part_.segment, entry);
  for (; walker_.doc() != Postings::end; walker_.to_block(walker_.block() + 1)) {
    const auto docs = walker_.docs();
    const bool all = (walker_.mask() & ~fields) == 0;
    if (all)
      for (const std::uint32_t doc : docs) beginning.anywhere->set(doc);
    for (std::size_t k = 0; k < beginning.fields.size(); ++k) {
      const bool lightest = k == beginning.sets.size();
      if ((walker_.mask() >> beginning.fields[k] & 1) == 0 || (lightest && all)) continue;
      const auto* const frequencies = walker_.frequencies(beginning.fields[k]);
      for (std::size_t i = 0; i < docs.size(); ++i) {
        if (frequencies[i] == 0) continue;
        beginning.anywhere->set(docs[i]);
        if (!lightest) beginning.sets[k]->set(docs[i]);
      }
    }
  }
}

std::uint64_t Matcher::documents_of(const Group& group) {
  std::uint64_t sum = 0;
  for (const LeafCursor* const leaf : group) sum += leaf->postings.documents();
  return sum;
}

std::uint64_t Matcher::rarest() const {
  std::uint64_t least = part_.segment->documents();
  for (const Group& group : groups_) least = std::min(least, documents_of(group));
  return least;
}

void Matcher::use_bits() {
  if (side_by_side()) return;
  for (std::size_t i = groups_.size(); i-- > 1;) {
    Group& group = groups_[i];
    if (!std::ranges::all_of(group, [](const auto* leaf) { return bool(leaf->bits); })) continue;
    bit_groups_.push_back(group);
    if (!std::ranges::all_of(group, [](const auto* leaf) {
          return leaf->bits.exact() && leaf->anywhere;
        }))
      continue;
    for (LeafCursor* const leaf : group) {
      leaf->matching = false;
      leaf->by_bits = true;
    }
    groups_.erase(groups_.begin() + std::ptrdiff_t(i));
  }
}

Accept Matcher::accepted(const Accept& accept) {
  std::ranges::sort(groups_, {}, documents_of);
  use_bits();
  if (sets_.empty()) return accept;
  Bitset& all = *sets_[0];
  for (std::size_t i = 1; i < sets_.size(); ++i) all.and_with(sets_[i]->words());
  if (accept.bits) all.and_with(accept.bits->words());
  return {&all, accept.selections};
}

LeafCursor* Matcher::alone() {
  const bool one = groups_.size() == 1 && groups_[0].size() == 1 && bit_groups_.empty() &&
                   sets_.empty() && phrases_.empty() && groups_[0][0]->anywhere;
  if (!one) return nullptr;
  for (const LeafCursor* const cursor : cursors_)
    if (cursor->there && cursor != groups_[0][0] && cursor->leaf->factor > 0) return nullptr;
  return groups_[0][0];
}

/// The first document of any that is not before `doc`, and whether it counts.
std::uint32_t Matcher::nearest(const Group& group, std::uint32_t doc, bool& found) {
  std::uint32_t least = Postings::end;
  for (LeafCursor* const leaf : group) {
    leaf->postings.seek(doc);
    least = std::min(least, leaf->postings.doc());
  }
  found = false;
  for (LeafCursor* const leaf : group)
    found |= leaf->postings.doc() == least && least != Postings::end && leaf->counts();
  return least;
}

std::uint32_t Matcher::keep(const Accept& accept, std::span<const std::uint32_t> docs,
                            std::span<std::uint8_t> places) const {
  for (const Group& group : bit_groups_) {
    const WordBits bits = group[0]->bits;
    const std::uint32_t kept =
        group.size() == 1
            ? keep_places(docs, places, [&](std::uint32_t doc) { return bits.may_have(doc); })
            : keep_places(docs, places, [&](std::uint32_t doc) { return may_have(group, doc); });
    places = places.first(kept);
  }
  return accept.keep(docs, places);
}

/// What is looked at next is all over memory: all of it is asked for before any is waited for.
void Matcher::prefetch(std::span<const std::uint32_t> docs,
                       std::span<const std::uint8_t> places) const {
  for (std::size_t i = 1; i < groups_.size(); ++i)
    for (const LeafCursor* const leaf : groups_[i]) leaf->postings.prefetch(docs, places);
  for (const Group& group : bit_groups_)
    for (const LeafCursor* const leaf : group)
      if (leaf->by_bits) leaf->postings.prefetch(docs, places);
  if (groups_.size() > 1 && places.size() > scored_at_once) return;
  for (std::uint32_t field = 0; field < part_.segment->fields(); ++field)
    for (const std::uint8_t place : places)
      __builtin_prefetch(part_.segment->lengths(field) + docs[place]);
  const auto ids = part_.segment->columns().file().ids;
  for (const std::uint8_t place : places) __builtin_prefetch(&ids[docs[place]]);
}

bool Matcher::others_match(std::uint32_t doc, std::uint32_t& need) {
  for (std::size_t i = 1; i < groups_.size(); ++i) {
    bool found = false;
    if (groups_[i].size() == 1) {
      LeafCursor& leaf = *groups_[i][0];
      leaf.postings.seek(doc);
      if (leaf.postings.doc() == doc && leaf.counts()) continue;
      need = std::max(doc + 1, leaf.postings.doc());
      return false;
    }
    const std::uint32_t next = nearest(groups_[i], doc, found);
    if (next == doc && found) continue;
    need = std::max(doc + 1, next);
    return false;
  }
  return true;
}

float Matcher::bound_of(const LeafCursor& cursor, std::uint32_t block, unsigned fields) const {
  const std::uint8_t* const impacts = cursor.postings.impacts(block);
  float sum = 0, greatest = 0;
  for (std::uint32_t field = 0; field < part_.segment->fields(); ++field) {
    if ((cursor.leaf->fields & fields & 1u << field) == 0) continue;
    const float frequency = scale_[field] * impact_of_code[impacts[field]];
    sum += frequency;
    greatest = std::max(greatest, frequency);
  }
  return cursor.leaf->factor * saturated(cursor.leaf->beginning ? greatest : sum) * 1.0001f;
}

float Matcher::block_bound(LeafCursor& cursor, std::uint32_t block) const {
  if (cursor.bounded != block) {
    cursor.bounded = block;
    cursor.bound = bound_of(cursor, block);
  }
  return cursor.bound;
}

float Matcher::bound(std::uint32_t doc) {
  float sum = 0;
  for (const Beginning& beginning : beginnings_)
    if (beginning.anywhere->test(doc)) sum += beginning.bounds[beginning.heaviest(doc)];
  for (LeafCursor* const cursor : cursors_) {
    if (!cursor->there || cursor->leaf->factor <= 0) continue;
    Postings& postings = cursor->postings;
    if (cursor->by_bits) {  // where it would be says enough, and costs no unpacking
      if (!cursor->bits.may_have(doc)) continue;
      const std::uint32_t block = postings.block_of(doc);
      if (block < postings.blocks()) sum += block_bound(*cursor, block);
      continue;
    }
    if (!cursor->matching) postings.seek(doc);
    if (postings.doc() == doc) sum += block_bound(*cursor, postings.block());
  }
  return sum * 1.0001f;
}

float Matcher::score(LeafCursor& cursor, std::uint32_t doc) const {
  unsigned fields = cursor.postings.mask() & cursor.leaf->fields;
  if (cursor.leaf->beginning) {
    unsigned present = 0;
    for (unsigned left = fields; left != 0; left &= left - 1)
      if (cursor.postings.frequency(static_cast<std::uint32_t>(std::countr_zero(left))) > 0)
        present |= left & ~(left - 1);
    fields = plan_.heaviest(present);
  }
  float frequency = 0;
  for (; fields != 0; fields &= fields - 1) {
    const auto field = static_cast<std::uint32_t>(std::countr_zero(fields));
    frequency += plan_.frequency(field, cursor.postings.frequency(field),
                                 part_.segment->lengths(field)[doc]);
  }
  return cursor.leaf->factor * saturated(frequency);
}

float Matcher::score(std::uint32_t doc) {
  float sum = 0;
  // Beginnings come last, whether they are a list or sets, so that a merge changes no score.
  for (const bool beginning : {false, true})
    for (LeafCursor* const cursor : cursors_) {
      if (!cursor->there || cursor->leaf->factor <= 0 || cursor->leaf->beginning != beginning)
        continue;
      if (!cursor->matching) cursor->postings.seek(doc);
      if (cursor->postings.doc() == doc) sum += score(*cursor, doc);
    }
  for (const Beginning& beginning : beginnings_) {
    if (!beginning.anywhere->test(doc)) continue;
    const std::uint32_t field = beginning.fields[beginning.heaviest(doc)];
    sum += beginning.factor *
           saturated(plan_.frequency(field, 1, part_.segment->lengths(field)[doc]));
  }
  return sum;
}

}  // namespace atelier::engines::native_search
