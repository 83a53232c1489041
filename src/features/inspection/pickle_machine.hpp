#pragma once
#include <string>
#include <unordered_map>
#include <vector>

#include "features/inspection/byte_stream.hpp"
#include "features/inspection/pickle_heap.hpp"
#include "features/inspection/pickle_names.hpp"
#include "features/inspection/work.hpp"

namespace atelier::inspection {

/// Walks one pickle (protocols 0 to 5, all 68 opcodes of Lib/pickletools.py) on abstract values:
/// follows stack, marks and memo, so that every name that could be imported and everything that
/// could be called is seen, however it is spelled. Nothing is executed. What it finds goes into
/// the inspection at once: a pickle that breaks off has already run its beginning elsewhere.
class PickleMachine {
 public:
  /// `storages`: the loader would resolve persistent ids, as torch does; plain pickle fails.
  PickleMachine(ByteStream& in, Inspection& out, bool storages)
      : in_(in), out_(out), storages_(storages) {}

  /// True after STOP; false after anything else, with the reason added.
  bool run();

  PickleHeap& heap() { return heap_; }
  Ref root() const { return root_; }
  bool called() const { return called_; }  ///< it would have called something

 private:
  struct Limits;

  bool malformed(std::string_view code, std::string_view text);
  bool dangerous(std::string_view code, std::string text);
  bool cut_off() { return malformed("truncated", "The pickle breaks off in the middle."); }

  bool step(std::uint8_t opcode, bool first);
  bool step_atom(std::uint8_t opcode, bool& known);
  bool step_text(std::uint8_t opcode, bool& known);
  bool step_container(std::uint8_t opcode, bool& known);
  bool step_memo(std::uint8_t opcode, bool& known);
  bool step_call(std::uint8_t opcode, bool& known);
  bool step_frame(std::uint8_t opcode, bool first, bool& known);

  bool spend(std::uint64_t work);  ///< bounds what repeated looks at large values may cost
  bool push(Ref value);
  bool push_new(Kind kind, std::int64_t number = 0) { return push(heap_.add(kind, number)); }
  bool pop(Ref& value);
  bool pop_mark(std::vector<Ref>& items);
  bool pop_items(std::size_t count, std::vector<Ref>& items);
  bool top(Ref& value);
  std::size_t fence() const { return marks_.empty() ? 0 : marks_.back(); }

  bool push_whole(unsigned bytes, bool is_signed);
  bool push_big(unsigned length_bytes);
  bool push_decimal(bool is_long);
  bool push_counted(unsigned length_bytes, Kind kind);
  bool push_line(std::uint8_t opcode);
  bool memoize(std::uint64_t key);
  bool recall(std::uint64_t key);
  bool append_to(Ref target, const std::vector<Ref>& items);
  bool set_items(Ref target, const std::vector<Ref>& items);
  bool make_dict(const std::vector<Ref>& items);

  // pickle_calls.cpp
  bool import_name(const std::string& module, const std::string& name);
  const Judgement& judge(const std::string& module, const std::string& name);
  bool import_line();
  bool import_from_stack();
  bool call(Ref callee, Ref arguments);
  bool call_allowed(Callee callee, const std::vector<Ref>& arguments);
  bool call_from_type(const std::vector<Ref>& arguments);
  bool call_ordered_dict(const std::vector<Ref>& arguments);
  bool call_encode(const std::vector<Ref>& arguments);
  bool build(Ref target, Ref state);
  bool check_state(Ref state);
  bool load_persistent(Ref id);
  bool rebuild(Callee callee, const std::vector<Ref>& arguments);
  bool read_shape(Ref value, std::vector<std::int64_t>& shape);
  std::string dtype_of(Ref value) const;

  ByteStream& in_;
  Inspection& out_;
  bool storages_;
  PickleHeap heap_;
  std::vector<Ref> stack_;
  std::vector<std::size_t> marks_;
  std::unordered_map<std::uint64_t, Ref> memo_;
  std::unordered_map<std::string, Judgement> judged_;  ///< by "module\nname"
  std::uint64_t held_ = 0;  ///< items in containers and bytes of texts
  std::uint64_t spent_ = 0;
  Ref root_ = 0;
  bool called_ = false;
};

}  // namespace atelier::inspection
