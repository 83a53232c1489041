#include "engines/native_search/analysis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/fuzz/analysis_bytes.hpp"

namespace atelier::engines::native_search {
namespace {

using ports::search::Analysis;

/// "position:term …", stems with a "~" before them.
std::string terms(std::string_view text, Analysis analysis = Analysis::prose) {
  std::vector<Term> found;
  analyse(text, analysis, found);
  std::string line;
  for (const Term& term : found) {
    if (!line.empty()) line += ' ';
    line += std::to_string(term.position) + ':';
    line += term.text[0] == stem_mark ? '~' + term.text.substr(1) : term.text;
  }
  return line;
}

std::string names(std::string_view text) { return terms(text, Analysis::name); }

/// "a,b c | d": readings of words of forms.
std::string query(std::string_view text) {
  std::vector<QueryWord> words;
  analyse_query(text, words);
  std::string line;
  for (const QueryWord& word : words) {
    if (!line.empty()) line += " & ";
    for (std::size_t r = 0; r < word.readings.size(); ++r) {
      if (r > 0) line += " | ";
      for (std::size_t i = 0; i < word.readings[r].size(); ++i) {
        if (i > 0) line += ' ';
        for (std::size_t f = 0; f < word.readings[r][i].size(); ++f) {
          const std::string& form = word.readings[r][i][f].text;
          if (f > 0) line += ',';
          line += form[0] == stem_mark ? '~' + form.substr(1) : form;
        }
      }
    }
  }
  return line;
}

TEST(Analysis, WordsAndStems) {
  EXPECT_EQ(terms("Realistic models, trained; run!"),
            "0:realistic 0:~realist 1:models 1:~model 2:trained 2:~train 3:run");
  EXPECT_EQ(terms(""), "");
  EXPECT_EQ(terms(" ,.!-_ "), "");
}

TEST(Analysis, AccentsBothWays) {
  EXPECT_EQ(terms("Café NAÏVE Łódź"), "0:café 0:cafe 1:naïve 1:naive 1:~naiv 2:łódź 2:lodz");
  EXPECT_EQ(terms("cafe\u0301"), "0:café 0:cafe") << "written as a letter and a mark";
  EXPECT_EQ(terms("Straße ﬁne ＬｏＲＡ"), "0:strasse 0:~strass 1:fine 2:lora");
}

TEST(Analysis, OtherLanguages) {
  EXPECT_EQ(terms("Красивые картинки"), "0:красивые 0:~красив 1:картинки 1:~картинк");
  EXPECT_EQ(terms("ёлка йод"), "0:ёлка 0:елка 0:~елк 1:йод");
  EXPECT_EQ(terms("日本語 猫"), "0:日本 1:本語 2:猫");
  EXPECT_EQ(terms("ガール"), "0:ガー 1:ール");
  EXPECT_EQ(terms("ｶﾞﾝﾀﾞﾑ"), "0:ガン 1:ンダ 2:ダム") << "half-width kana, marks of their own";
  EXPECT_EQ(terms("한국어"), "0:한국 1:국어");
  EXPECT_EQ(terms("アニメ風LoRA"), "0:アニ 1:ニメ 2:メ風 3:lora");
}

TEST(Analysis, LongRunsLoseNoPair) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += i % 2 ? "本" : "日";
  std::vector<Term> found;
  analyse(text, Analysis::prose, found);
  ASSERT_EQ(found.size(), 39u);
  for (std::uint32_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].position, i);
    EXPECT_EQ(found[i].text, i % 2 ? "本日" : "日本");
    EXPECT_EQ(found[i].begin, 3 * i);
    EXPECT_EQ(found[i].end, 3 * i + 6);
  }
}

TEST(Analysis, WhatPartsWords) {
  EXPECT_EQ(terms("long_hair text-to-image civitai.com"),
            "0:long 1:hair 2:text 3:to 4:image 4:~imag 5:civitai 6:com");
  EXPECT_EQ(terms("SD 1.5, v2.0. 3.x"), "0:sd 1:1.5 2:v2.0 3:3 4:x");
  EXPECT_EQ(terms("don't model's l'eau d\u2019art"),
            "0:dont 1:models 1:~model 2:leau 2:eau 3:dart 3:art");
  EXPECT_EQ(terms("soft\u00ADhyphen zero\u200Bwidth"), "0:softhyphen 1:zero 2:width");
}

TEST(Analysis, NamesAreTakenApart) {
  EXPECT_EQ(names("DreamShaper XL"), "0:dreamshaper 0:~dreamshap 0:dream 0:shaper 1:xl");
  EXPECT_EQ(names("epiCRealism"), "0:epicrealism 0:~epicr 0:epi 0:realism");
  EXPECT_EQ(names("RealVisXL_V4.0"),
            "0:realvisxl_v4.0 0:realvisxl 0:real 0:vis 0:xl 1:v4.0 1:4.0 1:4 1:v4");
  EXPECT_EQ(names("sd15"), "0:sd15 0:sd 0:15");
  EXPECT_EQ(names("lora"), "0:lora");
  EXPECT_EQ(names("Élan ÉlanVital"), "0:élan 0:elan 1:élanvital 1:elanvital 1:~elanvit 1:élan "
                                     "1:elan 1:vital");
  EXPECT_EQ(terms("DreamShaper"), "0:dreamshaper 0:~dreamshap") << "prose stays whole";
}

TEST(Analysis, HashesStayWhole) {
  const std::string hash = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";
  EXPECT_EQ(names(hash), "0:" + hash);
}

TEST(Analysis, Bounds) {
  std::vector<Term> found;
  analyse(std::string(1'000'000, 'a'), Analysis::name, found);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].text, std::string(64, 'a'));
  EXPECT_EQ(found[0].end, 1'000'000u);
  std::string many;
  for (int i = 0; i < 300'000; ++i) many += "a ";
  analyse(many, Analysis::prose, found);
  EXPECT_EQ(found.size(), words_max);
  std::string joined;
  for (int i = 0; i < 100; ++i) joined += "x_";
  analyse(joined, Analysis::name, found);
  EXPECT_EQ(found.size(), 100u) << "too much for one whole";
  std::string wide;
  for (int i = 0; i < 1000; ++i) wide += "\uFDFA";
  analyse(wide, Analysis::prose, found);
  for (const Term& term : found) EXPECT_LE(term.text.size(), 64u);
}

TEST(Analysis, BytesThatAreNoText) {
  EXPECT_EQ(terms("ab\xff" "cd\xc3"), "0:ab 1:cd");
  EXPECT_EQ(terms("\xed\xa0\x80x\xf8\x88\x80\x80\x80y"), "0:x 1:y");
  EXPECT_EQ(terms(std::string_view("a\0b\1c", 5)), "0:a 1:b 2:c");
}

TEST(Analysis, PlacesAreBytesOfTheSource) {
  std::vector<Term> found;
  const std::string text = "«Żółty» LoRA-2";
  analyse(text, Analysis::prose, found);
  for (const Term& term : found) {
    const std::string source = text.substr(term.begin, term.end - term.begin);
    if (term.text[0] == stem_mark || term.text == "zolty")
      EXPECT_EQ(source, "Żółty");
    else
      EXPECT_EQ(fold_word(source), term.text);
  }
  EXPECT_EQ(text.substr(found.back().begin), "2");
  EXPECT_EQ(terms(text), "0:żółty 0:zolty 0:~zolti 1:lora 2:2");
}

TEST(AnalysisOfQueries, FormsAndReadings) {
  EXPECT_EQ(query("models"), "models,model,~model");
  EXPECT_EQ(query("model"), "model,~model");
  EXPECT_EQ(query("Café lora"), "café,cafe,~cafe & lora,~lora");
  EXPECT_EQ(query("DreamShaper"),
            "dreamshaper,dreamshap,~dreamshap | dream,~dream shaper,~shaper");
  EXPECT_EQ(query("sd_1.5"), "sd_1.5 | sd,~sd 1.5");
  EXPECT_EQ(query("日本語"), "日本 本語");
  EXPECT_EQ(query("l'eau"), "leau,~leau,eau");
  EXPECT_EQ(query("?!"), "");
}

/// What is looked for as it stands in a text is found there, by the first form of each word.
TEST(AnalysisOfQueries, FindsWhatWasWritten) {
  for (const std::string text :
       {"Realistic models", "RealVisXL_V4.0", "Café NAÏVE", "日本語 猫 LoRA", "l'eau don't",
        "Красивые ёлки", "epiCRealism v5", "a.b-c_d", "SD1.5 ｶﾞﾝﾀﾞﾑ"}) {
    std::vector<Term> found;
    std::vector<QueryWord> words;
    analyse(text, Analysis::name, found);
    analyse_query(text, words);
    EXPECT_FALSE(words.empty());
    for (const QueryWord& word : words)
      for (const Forms& forms : word.readings[0])
        EXPECT_TRUE(std::any_of(found.begin(), found.end(), [&](const Term& term) {
          return term.text == forms[0].text;
        })) << forms[0].text;
  }
}

TEST(AnalysisOfQueries, AWordFindsItsOtherForms) {
  const auto finds = [](std::string_view asked, std::string_view text) {
    std::vector<Term> found;
    std::vector<QueryWord> words;
    analyse(text, Analysis::prose, found);
    analyse_query(asked, words);
    for (const Form& form : words.at(0).readings.at(0).at(0))
      for (const Term& term : found)
        if (term.text == form.text) return true;
    return false;
  };
  const std::vector<std::string> forms{"generate", "generated", "generating", "generates"};
  for (const std::string& asked : forms)
    for (const std::string& text : forms) EXPECT_TRUE(finds(asked, text)) << asked << ' ' << text;
  EXPECT_TRUE(finds("cafe", "cafés"));
  EXPECT_TRUE(finds("cafés", "cafe"));
  EXPECT_FALSE(finds("general", "lighthouse"));
}

TEST(Analysis, ManyThreads) {
  const std::string expected = terms("Running models quickly through galleries");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 200; ++k)
        EXPECT_EQ(terms("Running models quickly through galleries"), expected);
    });
}

TEST(Analysis, FuzzCorpus) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(ATELIER_SOURCE_DIR "/tests/fuzz/corpus/analysis")) {
    std::ifstream file(entry.path(), std::ios::binary);
    fuzz::analyse_bytes(std::string{std::istreambuf_iterator<char>(file), {}});
    ++files;
  }
  EXPECT_GE(files, 5u);
}

}  // namespace
}  // namespace atelier::engines::native_search
