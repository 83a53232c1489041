#include "features/inspection/pickle_file.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/text.hpp"
#include "features/inspection/pickle_tensors.hpp"
#include "features/inspection/safetensors.hpp"

namespace atelier::inspection {

namespace {

constexpr int max_trailing_pickles = 16;

// torch/serialization.py: MAGIC_NUMBER as a LONG1 after two bytes of PROTO.
constexpr std::string_view legacy_magic = "\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
constexpr std::int64_t legacy_protocol = 1001;

bool malformed(Inspection& out, std::string_view code, std::string text) {
  worsen(out, Verdict::malformed, code, std::move(text));
  return false;
}

/// Goes on after the first pickle for the sake of a complete list of imports.
void scan_trailing(ByteStream& in, Inspection& out) {
  malformed(out, "trailing_bytes", "There is more after the end of the pickle.");
  for (int i = 0; i < max_trailing_pickles && in.left() > 0; ++i)
    if (!PickleMachine(in, out, false).run()) return;
}

using Places = std::unordered_map<std::string, StoragePlace>;

/// After the fifth pickle: for each key an u64 count of elements, then the elements.
Result<bool> read_storages(ByteStream& in, Inspection& out, const PickleHeap& object,
                           const PickleHeap& keys, Ref root, Places& places) {
  const auto bad = [&](const char* what) { return malformed(out, "bad_storage", what); };
  if (keys.kind(root) != Kind::list) return bad("The list of storages is no list.");
  std::unordered_map<std::string, const StorageView*> known;
  for (const StorageView& storage : object.storages()) known[storage.key] = &storage;
  for (Ref key : keys.items(root)) {
    if (keys.kind(key) != Kind::text) return bad("The key of a storage is no text.");
    const auto found = known.find(keys.text(key));
    if (found == known.end()) return bad("The list of storages names one that is not used.");
    std::uint64_t elements = 0;
    const std::uint64_t width = dtype_bits(found->second->dtype) / 8;
    std::uint64_t bytes = 0;
    const bool complete = in.number(8, elements) &&
                          !__builtin_mul_overflow(elements, width, &bytes) && bytes <= in.left();
    if (!complete) return malformed(out, "truncated", "The file ends within its storages.");
    const StoragePlace place{static_cast<std::int64_t>(in.position()),
                             static_cast<std::int64_t>(bytes)};
    if (!storage_fits(*found->second, place.bytes) ||
        !places.emplace(keys.text(key), place).second)
      return bad("A storage is shorter than the pickle says, or there twice.");
    in.skip(bytes);
  }
  if (in.left() != 0)
    return malformed(out, "trailing_bytes", "There are bytes of no storage at the end.");
  return true;
}

Result<> read_legacy(Work& work) {
  Inspection& out = work.out;
  ByteStream in(work.source, 0, work.source.size());
  PickleMachine magic(in, out, false);
  PickleMachine protocol(in, out, false);
  PickleMachine system(in, out, false);
  PickleMachine object(in, out, true);
  PickleMachine keys(in, out, false);
  for (PickleMachine* machine : {&magic, &protocol, &system, &object, &keys})
    if (!machine->run()) return in.failure();
  const auto& version = protocol.heap()[protocol.root()];
  if (version.kind != Kind::whole || version.number != legacy_protocol ||
      system.heap().kind(system.root()) != Kind::dict) {
    malformed(out, "bad_legacy", "The file is not what old versions of PyTorch write.");
    return {};
  }
  Places places;
  if (!TRY(read_storages(in, out, object.heap(), keys.heap(), keys.root(), places)))
    return in.failure();
  collect_tensors(work, object.heap(), object.root(),
                  [&](const std::string& key) -> std::optional<StoragePlace> {
                    const auto found = places.find(key);
                    if (found == places.end()) return {};
                    return found->second;
                  });
  return in.failure();
}

bool is_name(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c == '_' || c == '.' || std::isalnum(c);
  });
}

}  // namespace

bool storage_fits(const StorageView& storage, std::int64_t bytes) {
  std::int64_t needed = 0;
  return !__builtin_mul_overflow(storage.elements, dtype_bits(storage.dtype) / 8, &needed) &&
         needed <= bytes;
}

Result<> read_pickle(Work& work) {
  work.out.format = Format::pickle_tensor;
  std::string start(std::min<std::uint64_t>(work.source.size(), 2 + legacy_magic.size()), '\0');
  TRY(work.source.read(0, std::as_writable_bytes(std::span(start))));
  if (start.size() > 2 && start.substr(2) == legacy_magic) return read_legacy(work);
  ByteStream in(work.source, 0, work.source.size());
  PickleMachine machine(in, work.out, false);
  if (!machine.run()) return in.failure();
  if (in.left() != 0) scan_trailing(in, work.out);
  else collect_tensors(work, machine.heap(), machine.root(),
                       [](const std::string&) { return std::nullopt; });
  return in.failure();
}

void scan_pickle(std::string_view content, Inspection& out) {
  const MemorySource source(bytes_of(content));
  ByteStream in(source, 0, content.size());
  if (PickleMachine(in, out, true).run() && in.left() != 0) scan_trailing(in, out);
}

Result<bool> probe_pickle(const Source& source) {
  std::array<std::byte, 2> start{};
  if (source.size() < start.size()) return false;
  TRY(source.read(0, start));
  if (start[0] == std::byte{0x80} && start[1] <= std::byte{5}) return true;
  Inspection found;
  ByteStream in(source, 0, source.size());
  PickleMachine machine(in, found, false);
  const bool whole = machine.run();
  TRY(in.failure());
  const bool named = std::any_of(found.imports.begin(), found.imports.end(), [](const Import& one) {
    return is_name(one.module) && is_name(one.name);
  });
  return (named && (whole || machine.called())) ||
         (found.verdict == Verdict::dangerous && machine.called() && found.imports.empty());
}

Result<> scan_embedded_pickle(Work& work) {
  constexpr std::uint64_t header = 30;
  constexpr std::uint64_t window = 16 * 1024 * 1024;
  const std::uint64_t size = work.source.size();
  std::string head(std::min(size, window), '\0');
  TRY(work.source.read(0, std::as_writable_bytes(std::span(head))));
  // Every local header in reach: which of them a lenient loader picks is not known.
  std::size_t at = head.find("PK\3\4");
  for (int tries = 0; at != std::string::npos && tries < 64; ++tries) {
    if (head.size() - at < header) return {};
    const auto u16 = [&](std::size_t offset) {
      return static_cast<std::size_t>(static_cast<unsigned char>(head[at + offset])) |
             static_cast<std::size_t>(static_cast<unsigned char>(head[at + offset + 1])) << 8;
    };
    const std::uint64_t begin = at + header + u16(26) + u16(28);
    std::array<std::byte, 2> start{};
    if (begin + 2 < size) {
      TRY(work.source.read(begin, start));
      if (start[0] == std::byte{0x80} && start[1] <= std::byte{5}) {
        ByteStream in(work.source, begin, size);
        PickleMachine(in, work.out, true).run();
        TRY(in.failure());
      }
    }
    at = head.find("PK\3\4", at + 4);
  }
  return {};
}

}  // namespace atelier::inspection
