#pragma once

namespace atelier::vips {

/// The word on the command line that makes this program a decoding process.
constexpr const char* decode_word = "decode-pictures";

/// The life of a decoding process: answers requests on descriptor 3 until it is closed or quiet
/// for a while, then ends. Nothing else of the program may have run before.
[[noreturn]] void decode_pictures();

}  // namespace atelier::vips
