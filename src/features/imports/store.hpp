#pragma once
#include <optional>
#include <string>
#include <vector>

#include "features/imports/imports.hpp"

/// All SQL of imports.
namespace atelier::imports::store {

struct Import {
  ImportId id;
  std::string path, state, problem;
  bool draft = false;
  Summary summary;
  std::optional<JobId> job;
  Millis started_at = 0;
  std::optional<Millis> finished_at;
};

Result<ImportId> insert(sql::Tx& tx, const Request& request, Millis now);
Result<void> set_job(sql::Tx& tx, ImportId id, JobId job);
/// state completed or failed; `problem` "" when completed.
Result<void> finish(sql::Tx& tx, ImportId id, std::string_view state, const Summary& summary,
                    std::string_view problem, Millis now);
Result<std::vector<Import>> newest(sql::Tx& tx, int limit);

struct Imported {
  FileId file;
  VersionId version;
  bool type_guessed = false, base_guessed = false, words_guessed = false;
};
Result<std::optional<Imported>> imported(sql::Tx& tx, FileId file);
Result<void> remember(sql::Tx& tx, const Imported& imported);

Result<std::optional<ModelId>> model_from(sql::Tx& tx, std::string_view source, std::int64_t id);
Result<void> remember_origin(sql::Tx& tx, std::string_view source, std::int64_t id, ModelId model);

}  // namespace atelier::imports::store
