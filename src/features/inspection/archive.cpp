#include "features/inspection/archive.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "features/inspection/file_kind.hpp"
#include "features/inspection/pickle_file.hpp"
#include "features/inspection/pickle_tensors.hpp"
#include "features/inspection/zip_directory.hpp"

namespace atelier::inspection {

namespace {

constexpr std::uint64_t max_pickle = 64 * 1024 * 1024;
constexpr std::uint64_t max_peeked = 1024;
/// Entries are checksummed as long as this lasts; pickles always are.
constexpr std::uint64_t checksum_budget = 512 * 1024 * 1024;

class ArchiveReader {
 public:
  ArchiveReader(Work& work, ZipDirectory directory)
      : work_(work), entries_(std::move(directory.entries)) {}
  Result<> read();

 private:
  void malformed(std::string_view code, std::string text) {
    worsen(work_.out, Verdict::malformed, code, std::move(text));
  }
  bool find_root();
  Result<> read_root(const ZipEntry& entry);
  Result<> read_other(const ZipEntry& entry);
  bool is_tensor_data(const std::string& name) const;
  std::optional<StoragePlace> place(const std::string& key) const;

  Work& work_;
  std::vector<ZipEntry> entries_;
  const ZipEntry* root_ = nullptr;  ///< data.pkl
  std::string folder_;              ///< with its slash
  std::unordered_map<std::string, const ZipEntry*> by_name_;
};

/// Exactly one data.pkl, and everything else in its folder, makes it PyTorch's.
bool ArchiveReader::find_root() {
  int found = 0;
  for (const ZipEntry& entry : entries_) {
    by_name_[entry.name] = &entry;
    const bool nested = entry.name.ends_with("/data.pkl") &&
                        std::count(entry.name.begin(), entry.name.end(), '/') == 1;
    if (!nested && entry.name != "data.pkl") continue;
    ++found;
    root_ = &entry;
  }
  if (found > 1) malformed("several_roots", "The archive has several pickles to begin with.");
  if (found != 1) return false;
  folder_ = root_->name.substr(0, root_->name.size() - std::string_view("data.pkl").size());
  for (const ZipEntry& entry : entries_)
    if (!entry.name.starts_with(folder_))
      malformed("foreign_entry", "'" + quoted(entry.name) + "' does not belong to the model.");
  return true;
}

bool ArchiveReader::is_tensor_data(const std::string& name) const {
  return root_ && name.starts_with(folder_ + "data/");
}

std::optional<StoragePlace> ArchiveReader::place(const std::string& key) const {
  const auto found = by_name_.find(folder_ + "data/" + key);
  if (found == by_name_.end()) return {};
  const ZipEntry& entry = *found->second;
  return StoragePlace{entry.method == 0 ? static_cast<std::int64_t>(entry.data_offset) : 0,
                      static_cast<std::int64_t>(entry.size)};
}

Result<> ArchiveReader::read_root(const ZipEntry& entry) {
  const auto content = TRY(read_zip_entry(work_.source, entry, max_pickle, work_.out));
  if (!content) return {};
  const MemorySource source(bytes_of(*content));
  ByteStream in(source, 0, content->size());
  PickleMachine machine(in, work_.out, true);
  if (!machine.run()) return {};
  if (in.left() != 0) {
    malformed("trailing_bytes", "There is more after the end of the pickle.");
    return {};
  }
  for (const StorageView& storage : machine.heap().storages()) {
    const auto at = place(storage.key);
    if (!at || !storage_fits(storage, at->bytes)) {
      malformed("missing_storage", "The data of storage '" + quoted(storage.key) +
                                       "' is missing or too short.");
      return {};
    }
  }
  collect_tensors(work_, machine.heap(), machine.root(),
                  [this](const std::string& key) { return place(key); });
  return {};
}

/// By its content and name: pickles are scanned, archives and programs are reported.
Result<> ArchiveReader::read_other(const ZipEntry& entry) {
  const std::string name = "'" + quoted(entry.name) + "'";
  const std::string extension = extension_of(lower_ascii(entry.name));
  // With constants.pkl among the entries torch.load hands over to the TorchScript loader.
  const bool script = root_ && (entry.name.starts_with(folder_ + "code/") ||
                                entry.name == folder_ + "constants.pkl");
  if (script)
    worsen(work_.out, Verdict::unknown_import, "torchscript", "It contains TorchScript code.");
  if (is_program(extension))
    worsen(work_.out, Verdict::unknown_import, "program", "It contains the program " + name + ".");
  if (extension == "npy")
    worsen(work_.out, Verdict::unknown_import, "not_inspected",
           "The array " + name + " may hold a pickle and was not inspected.");
  std::string start;
  const bool small = entry.size <= max_peeked;
  if (entry.method == 0 || small) {
    ZipEntry peeked = entry;
    if (!small) peeked.size = peeked.packed = max_peeked;
    start.resize(std::min(peeked.packed, max_peeked));
    TRY(work_.source.read(entry.data_offset, std::as_writable_bytes(std::span(start))));
  }
  const bool archive = entry.method == 0 && !wrapper_name(start).empty();
  if (archive || start.starts_with("PK\3\4") || is_archive(extension)) {
    if (root_ || is_pickle_extension(extension))
      malformed("nested_archive", name + " is an archive within the archive.");
    else
      worsen(work_.out, Verdict::unknown_import, "nested_archive",
             name + " is an archive within the archive, which was not opened.");
    return {};
  }
  const bool starts_so = start.size() > 1 && start[0] == '\x80' && start[1] <= 5;
  if (!is_pickle_extension(extension) && !starts_so) return {};
  const auto content = TRY(read_zip_entry(work_.source, entry, max_pickle, work_.out));
  if (content) scan_pickle(*content, work_.out);
  return {};
}

Result<> ArchiveReader::read() {
  const bool torch = find_root();
  work_.out.format = torch ? Format::pickle_tensor : Format::zip;
  if (!torch && is_pickle_extension(work_.extension))
    malformed("no_pickle", "The archive has no data.pkl: it is not what PyTorch writes.");
  if (torch) TRY(read_root(*root_));
  std::uint64_t budget = checksum_budget;
  for (const ZipEntry& entry : entries_) {
    if (&entry == root_) continue;
    if (!is_tensor_data(entry.name)) TRY(read_other(entry));
    const std::uint64_t cost = std::max(entry.size, entry.packed);
    if (cost > budget) continue;
    budget -= cost;
    if (!TRY(check_zip_entry(work_.source, entry, work_.out))) break;
  }
  return {};
}

}  // namespace

Result<> read_zip(Work& work) {
  work.out.format = Format::zip;
  ZipDirectory directory = TRY(read_zip_directory(work.source, work.out));
  if (!directory.read) {
    if (is_pickle_extension(work.extension)) work.out.format = Format::pickle_tensor;
    TRY(scan_embedded_pickle(work));
    return {};
  }
  return ArchiveReader(work, std::move(directory)).read();
}

}  // namespace atelier::inspection
