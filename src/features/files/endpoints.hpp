#pragma once
#include "features/files/facts.hpp"
#include "features/files/files.hpp"
#include "schema/types.hpp"

/// What the feature's own endpoints take and give.
namespace atelier::files {

struct UploadPath {
  std::string token;
};
BOOST_DESCRIBE_STRUCT(UploadPath, (), (token))

struct UploadRow {
  UploadId id;
  std::string token;  ///< /api/v2/uploads/{token} is its tus address
  std::string name;
  std::int64_t bytes = 0;
  std::int64_t received = 0;  ///< safe on the disk
  bool finished = false;
  std::optional<FileId> file;  ///< what it became
  schema::Time createdAt;
  schema::Time expiresAt;
};
BOOST_DESCRIBE_STRUCT(UploadRow, (),
                      (id, token, name, bytes, received, finished, file, createdAt, expiresAt))

struct UploadList {
  std::vector<UploadRow> items;
};
BOOST_DESCRIBE_STRUCT(UploadList, (), (items))

struct FilePath {
  FileId id;
};
BOOST_DESCRIBE_STRUCT(FilePath, (), (id))

/// Upper-case hex; absent where there is none.
struct FileHashes {
  std::string SHA256;
  std::string AutoV2;
  std::optional<std::string> AutoV1;
  std::optional<std::string> AutoV3;  ///< its first 12 digits
  std::string BLAKE3;
  std::string CRC32;
  std::string CRC32C;
};
BOOST_DESCRIBE_STRUCT(FileHashes, (), (SHA256, AutoV2, AutoV1, AutoV3, BLAKE3, CRC32, CRC32C))

struct FileRow {
  FileId id;
  std::string name;
  std::int64_t bytes = 0;
  schema::Time createdAt;
  std::optional<FileHashes> hashes;  ///< absent until hashed
  std::string format;
  FileVerdict verdict = FileVerdict::pending;
  std::string verdictMessage;
  std::string detectedType;
  std::string detectedBase;
  bool inPlace = false;
  bool mine = false;
  std::optional<Facts> inspection;  ///< absent until inspected
};
BOOST_DESCRIBE_STRUCT(FileRow, (),
                      (id, name, bytes, createdAt, hashes, format, verdict, verdictMessage,
                       detectedType, detectedBase, inPlace, mine, inspection))

struct TensorQuery {
  FileId id;
  std::optional<schema::Text<1, 200>> query;  ///< part of the name
  std::optional<schema::Whole<0, 1'000'000'000>> cursor;  ///< `nextCursor` of the page before
  std::optional<schema::Whole<1, 500>> limit;  ///< 100 unless said
};
BOOST_DESCRIBE_STRUCT(TensorQuery, (), (id, query, cursor, limit))

struct TensorList {
  std::vector<inspection::Tensor> items;
  std::int64_t total = 0;  ///< of the file, without the query
  std::optional<std::int64_t> nextCursor;
};
BOOST_DESCRIBE_STRUCT(TensorList, (), (items, total, nextCursor))

}  // namespace atelier::files
