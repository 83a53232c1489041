#pragma once
#include "features/files/store.hpp"
#include "features/inspection/inspection.hpp"

/// What an inspection found, as the API shows and the database keeps it.
namespace atelier::files {

struct FileClaim {
  std::string key;        ///< the metadata key
  std::string text;       ///< its value, shortened
  std::string modelType;  ///< what it means; "" = nothing
  std::string baseModel;
};
BOOST_DESCRIBE_STRUCT(FileClaim, (), (key, text, modelType, baseModel))

struct Facts {
  std::string format;
  FileVerdict verdict = FileVerdict::pending;
  std::vector<inspection::Reason> reasons;
  std::vector<inspection::Import> imports;
  std::vector<inspection::MetadataEntry> metadata;
  std::vector<inspection::DtypeTotal> dtypes;
  std::int64_t tensors = 0;
  std::int64_t parameters = 0;
  std::int64_t tensorBytes = 0;
  std::string precision;
  std::string quantType;
  std::string sizeKind;
  inspection::Guess modelType;
  inspection::Guess baseModel;
  std::string baseModelType;
  std::string variant;
  bool vPrediction = false;
  bool hasVae = false;
  bool hasTextEncoder = false;
  std::vector<FileClaim> claims;
  std::vector<inspection::Conflict> conflicts;
  std::vector<inspection::TriggerWord> triggerWords;
  std::vector<inspection::EmbeddedHash> hashes;
};
BOOST_DESCRIBE_STRUCT(Facts, (),
                      (format, verdict, reasons, imports, metadata, dtypes, tensors, parameters,
                       tensorBytes, precision, quantType, sizeKind, modelType, baseModel,
                       baseModelType, variant, vPrediction, hasVae, hasTextEncoder, claims,
                       conflicts, triggerWords, hashes))

/// Tensors are kept in pages of this many, in file order; tensor n is on page n / this.
inline constexpr std::size_t tensors_per_page = 500;

/// The row that is kept of a finding, whose tensors and long metadata move into it.
store::Inspected to_row(inspection::Inspection found);

}  // namespace atelier::files
