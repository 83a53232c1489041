#include "features/files/store.hpp"

namespace atelier::files::store {
namespace {

const sql::Statement update_inspected{
    "files.set_inspected",
    "UPDATE contents SET verdict = ?2, verdict_message = ?3, scanned_at = ?4, format = ?5,"
    " detected_type = ?6, type_confidence = ?7, detected_base = ?8, base_confidence = ?9, fp = ?10,"
    " quant_type = ?11, tensors = ?12, trigger_words = ?13, facts = ?14 WHERE id = ?1"};
const sql::Statement facts_of{"files.facts", "SELECT facts FROM contents WHERE id = ?1"};
const sql::Statement clear_tensors{"files.clear_tensors",
                                   "DELETE FROM content_tensors WHERE content_id = ?1"};
const sql::Statement insert_tensors{
    "files.insert_tensors",
    "INSERT INTO content_tensors (content_id, page, tensors) VALUES (?1, ?2, ?3)"};
const sql::Statement pages_from{
    "files.tensors", "SELECT page, tensors FROM content_tensors"
                     " WHERE content_id = ?1 AND page >= ?2 ORDER BY page LIMIT ?3"};

const sql::Statement mark{
    "files.mark_download",
    "INSERT INTO download_marks (subject, client, at) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (subject, client) DO UPDATE SET at = excluded.at WHERE download_marks.at < ?4"};
const sql::Statement delete_marks{"files.forget_marks", "DELETE FROM download_marks WHERE at < ?1"};

}  // namespace

Result<void> set_inspected(sql::Tx& tx, std::int64_t content, const Inspected& found, Millis now) {
  const sql::Rows updated =
      TRY(tx.run(update_inspected,
                 {content, schema::label_of(found.verdict), found.verdict_message, now,
                  found.format, found.detected_type, found.type_confidence, found.detected_base,
                  found.base_confidence, found.fp, found.quant_type, found.tensors,
                  found.trigger_words, found.facts}));
  if (updated.changed() == 0) return {};
  TRY(tx.run(clear_tensors, {content}));
  for (std::size_t page = 0; page < found.tensor_pages.size(); ++page)
    TRY(tx.run(insert_tensors, {content, page, found.tensor_pages[page]}));
  return {};
}

Result<std::optional<std::string>> facts(sql::Tx& tx, std::int64_t content) {
  const sql::Rows rows = TRY(tx.run(facts_of, {content}));
  if (rows.empty()) return std::nullopt;
  return rows.front().maybe_string(0);
}

Result<std::vector<TensorText>> tensor_pages(sql::Tx& tx, std::int64_t content, std::int64_t page,
                                             int limit) {
  std::vector<TensorText> pages;
  const sql::Rows rows = TRY(tx.run(pages_from, {content, page, limit}));
  for (const sql::Row row : rows) pages.push_back({row.whole(0), row.string(1)});
  return pages;
}

Result<bool> mark_download(sql::Tx& tx, std::int64_t subject, std::string_view client, Millis now,
                           Millis since) {
  return TRY(tx.run(mark, {subject, client, now, since})).changed() > 0;
}

Result<void> forget_marks(sql::Tx& tx, Millis before) {
  TRY(tx.run(delete_marks, {before}));
  return {};
}

}  // namespace atelier::files::store
