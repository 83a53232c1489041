#include <gtest/gtest.h>

#include <string>

#include "base/text.hpp"
#include "features/inspection/inspection.hpp"
#include "features/inspection/pickle_names.hpp"

namespace atelier::inspection {
namespace {

using namespace std::string_literals;

Inspection inspected(const std::string& pickle, std::string_view name = "a.pkl") {
  return inspect(MemorySource(bytes_of(pickle)), name).value();
}

std::string outcome(const std::string& pickle) {
  const Inspection found = inspected(pickle);
  return std::string(verdict_name(found.verdict)) +
         (found.reasons.empty() ? "" : " " + found.reasons[0].code);
}

TEST(Pickle, EveryHarmlessOpcodeIsUnderstood) {
  const std::string atoms = "NI01\nI-7\nL12L\nF1.5\nK\1M\1\1J\1\0\0\0G\0\0\0\0\0\0\0\0"
                            "\x88\x89\x8a\1\5\x8b\1\0\0\0\5S'a'\nVb\nU\1cT\1\0\0\0dX\1\0\0\0e"
                            "\x8c\1f\x8d\1\0\0\0\0\0\0\0gC\1hB\1\0\0\0i\x8e\1\0\0\0\0\0\0\0j"
                            "\x96\1\0\0\0\0\0\0\0k"s;
  EXPECT_EQ(outcome("\x80\5("s + atoms + "t."), "safe");
  EXPECT_EQ(outcome("\x80\4\x95\x02\0\0\0\0\0\0\0N."s), "safe");
  EXPECT_EQ(outcome("(NNl."), "safe");
  EXPECT_EQ(outcome("(NNd."), "safe");
  EXPECT_EQ(outcome("](NNe."), "safe");
  EXPECT_EQ(outcome("]Na."), "safe");
  EXPECT_EQ(outcome("}NNs."), "safe");
  EXPECT_EQ(outcome("}(NNu."), "safe");
  EXPECT_EQ(outcome("\x8f(N\x90."), "safe");
  EXPECT_EQ(outcome("(N\x91."), "safe");
  EXPECT_EQ(outcome("N\x85\x94h\0\x86."s), "safe");
  EXPECT_EQ(outcome("NN\x86p5\n0g5\n."), "safe");
  EXPECT_EQ(outcome("Nq\7r\7\0\0\0" "0j\7\0\0\0."s), "safe");
  EXPECT_EQ(outcome("N2\x86."), "safe");
  EXPECT_EQ(outcome("N(NN1."), "safe");
  EXPECT_EQ(outcome("N(0."), "safe");
}

TEST(Pickle, StackAndMemoAreChecked) {
  EXPECT_EQ(outcome("."), "malformed stack_underflow");
  EXPECT_EQ(outcome("t."), "malformed no_mark");
  EXPECT_EQ(outcome("N(a."), "malformed stack_underflow");
  EXPECT_EQ(outcome("(Nd."), "malformed odd_items");
  EXPECT_EQ(outcome("}(Nu."), "malformed odd_items");
  EXPECT_EQ(outcome("NNa."), "malformed bad_append");
  EXPECT_EQ(outcome("]NNs."), "malformed bad_item");
  EXPECT_EQ(outcome("g1\n."), "malformed no_memo");
  EXPECT_EQ(outcome("Ng-1\n."), "malformed bad_number");
  EXPECT_EQ(outcome("N(."), "malformed stack_underflow");
  EXPECT_EQ(outcome("S'a\n."), "malformed bad_string");
  EXPECT_EQ(outcome("\x80\5\x97."), "malformed outside_buffer");
  EXPECT_EQ(outcome("N}b."), "malformed bad_state");
}

TEST(Pickle, CallsNeedAnAllowedCallee) {
  EXPECT_EQ(outcome("ccollections\nOrderedDict\n)R."), "safe");
  EXPECT_EQ(outcome("ccollections\nOrderedDict\n)\x81."), "safe");
  EXPECT_EQ(outcome("ccollections\nOrderedDict\n)}\x92."), "safe");
  EXPECT_EQ(outcome("(ccollections\nOrderedDict\no."), "safe");
  EXPECT_EQ(outcome("(icollections\nOrderedDict\n."), "safe");
  EXPECT_EQ(outcome("ccollections\nOrderedDict\n]R."), "malformed bad_arguments");
  EXPECT_EQ(outcome("ctorch\nFloatStorage\n)R."), "unknown_import unexpected_call");
  EXPECT_EQ(outcome("cos\nsystem\n."), "dangerous dangerous_import");
  EXPECT_EQ(outcome("ccollections\nOrderedDict \n)R."), "dangerous dangerous_import");
  EXPECT_EQ(outcome("cmodel\nThing\n)R}b."), "unknown_import unknown_import");
  EXPECT_EQ(outcome("N)R."), "dangerous computed_call");
  EXPECT_EQ(outcome("\x82\1."), "dangerous extension_code");
  EXPECT_EQ(outcome("\x83\1\1."), "dangerous extension_code");
  EXPECT_EQ(outcome("\x84\1\1\1\1."), "dangerous extension_code");
  EXPECT_EQ(outcome("c_codecs\nencode\n(S'a'\nS'latin1'\ntR."), "safe");
  EXPECT_EQ(outcome("c_codecs\nencode\n(S'a'\nS'zip'\ntR."), "unknown_import unexpected_codec");
}

TEST(Pickle, AttributesThatChangeBehaviourAreDangerous) {
  const std::string ordered = "ccollections\nOrderedDict\n)R";
  EXPECT_EQ(outcome(ordered + "}S'_metadata'\n}sb."), "safe");
  EXPECT_EQ(outcome(ordered + "}S'__class__'\nNsb."), "dangerous special_attribute");
  EXPECT_EQ(outcome(ordered + "N}S'__class__'\nNs\x86" "b."), "dangerous special_attribute");
  EXPECT_EQ(outcome(ordered + "}S'\\x5f_class__'\nNsb."), "dangerous computed_name");
  EXPECT_EQ(outcome("ccollections\nOrderedDict\n}b."), "dangerous patched_class");
}

TEST(Pickle, LimitsHold) {
  EXPECT_EQ(outcome(std::string(1'100'000, 'N')), "malformed pickle_too_large");
  EXPECT_EQ(outcome(std::string(200'000, '(')), "malformed pickle_too_large");
  EXPECT_EQ(outcome("\x80\2N" + std::string(2'100'000, '\x85') + "."),
            "malformed pickle_too_large");
  // Looking at one large state again and again must not take for ever.
  std::string again = "(" + std::string(500'000, 'N') + "d" + "q\1" +
                      "0ccollections\nOrderedDict\n)R";
  for (int i = 0; i < 1'000; ++i) again += "h\1b";
  EXPECT_EQ(outcome(again + "."), "malformed pickle_too_large");
}

TEST(Pickle, NamesAreJudgedByTheAllowList) {
  EXPECT_EQ(judge_import("torch._utils", "_rebuild_tensor_v2").verdict, Verdict::safe);
  EXPECT_EQ(judge_import("torch", "BFloat16Storage").dtype, "BF16");
  EXPECT_EQ(judge_import("torch", "float8_e4m3fn").dtype, "F8_E4M3");
  EXPECT_EQ(judge_import("torch", "save").verdict, Verdict::unknown_import);
  EXPECT_EQ(judge_import("torch.", "Size").verdict, Verdict::unknown_import);
  EXPECT_EQ(judge_import("", "").verdict, Verdict::unknown_import);
  EXPECT_EQ(judge_import("os.path", "join").verdict, Verdict::dangerous);
  EXPECT_EQ(judge_import("ospath", "join").verdict, Verdict::unknown_import);
  EXPECT_EQ(judge_import("torch", "nn.__init__").verdict, Verdict::dangerous);
  EXPECT_EQ(judge_import("numpy.core.multiarray", "scalar").verdict, Verdict::unknown_import);
  EXPECT_EQ(judge_import("uuid", "UUID").verdict, Verdict::unknown_import);
  EXPECT_EQ(judge_import("uuid", "_get_command_stdout").verdict, Verdict::dangerous);
  EXPECT_EQ(judge_import("builtins", "eval").verdict, Verdict::dangerous);
  EXPECT_EQ(judge_import("builtins", "set").verdict, Verdict::safe);
}

}  // namespace
}  // namespace atelier::inspection
