#include "platform/subjects.hpp"

#include "base/check.hpp"

namespace atelier::platform {

void Subjects::add(SubjectKind kind, const SubjectRules& rules) {
  auto& place = rules_[std::size_t(kind)];
  CHECK(!place && rules.find != nullptr);
  place = rules;
}

const SubjectRules* Subjects::rules(SubjectKind kind) const {
  const auto& place = rules_[std::size_t(kind)];
  return place ? &*place : nullptr;
}

Result<std::optional<Subject>> Subjects::find(sql::Tx& tx, SubjectKind kind, std::int64_t id,
                                              const Viewer& viewer) const {
  const SubjectRules* known = rules(kind);
  if (known == nullptr) return std::optional<Subject>{};
  return known->find(tx, id, viewer);
}

Result<Subject> Subjects::need(sql::Tx& tx, SubjectKind kind, std::int64_t id,
                               const Viewer& viewer) const {
  auto found = TRY(find(tx, kind, id, viewer));
  if (!found) return fail(Fault::missing, "subject_missing", "There is no such thing.");
  return std::move(*found);
}

}  // namespace atelier::platform
