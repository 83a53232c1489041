#include "http/chunks.hpp"

#include <gtest/gtest.h>

#include <string>

namespace atelier::http {
namespace {

struct Outcome {
  std::string body;
  std::string rest;
  bool done = false;
  bool bad = false;
  bool operator==(const Outcome&) const = default;
};

Outcome decode(const std::string& wire, std::size_t step) {
  ChunkDecoder decoder;
  Outcome outcome;
  for (std::size_t at = 0; at < wire.size(); at += step) {
    std::string piece = wire.substr(at, step);
    const auto [produced, consumed] = decoder.decode(piece);
    outcome.body += piece.substr(0, produced);
    if (decoder.done()) {
      outcome.rest = wire.substr(at + consumed);
      break;
    }
    if (decoder.bad()) break;
  }
  outcome.done = decoder.done();
  outcome.bad = decoder.bad();
  return outcome;
}

TEST(ChunkDecoder, DecodesTheSameInPiecesOfAnySize) {
  const std::string wire =
      "4;name=\"v\"\r\nWiki\r\n0A\r\npedia in c\r\n00\r\nTrailer: x\r\n\r\nGET / HTTP/1.1\r\n";
  const Outcome whole{"Wikipedia in c", "GET / HTTP/1.1\r\n", true, false};
  for (std::size_t step = 1; step <= wire.size(); ++step) EXPECT_EQ(decode(wire, step), whole);
}

TEST(ChunkDecoder, RefusesWhatIsNotChunked) {
  const std::string cases[] = {
      "\r\n", "+4\r\nWiki\r\n", "-1\r\n", "0x4\r\nWiki\r\n", "4 \r\nWiki\r\n", " 4\r\nWiki\r\n",
      "4\nWiki\r\n", "4\r\nWiki4\r\n", "4\r\nWiki\n0\r\n", "g\r\n", "fffffffffffffffff\r\n",
      "4;a\nb\r\nWiki", "0\r\n folded\r\n\r\n", "0\r\nA: b\n\r\n", "0\r\n\rX",
      "4;" + std::string(300, 'e') + "\r\n", "0\r\nA: " + std::string(5000, 't') + "\r\n"};
  for (const std::string& wire : cases) EXPECT_TRUE(decode(wire, wire.size()).bad) << wire;
}

TEST(ChunkDecoder, AnEarlyEndIsNeitherDoneNorBad) {
  const std::string wire = "4\r\nWiki\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < wire.size(); ++size) {
    const Outcome outcome = decode(wire.substr(0, size), 3);
    EXPECT_FALSE(outcome.done || outcome.bad) << size;
  }
}

}  // namespace
}  // namespace atelier::http
