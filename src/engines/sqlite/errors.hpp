#pragma once
#include "base/result.hpp"

namespace atelier::sqlite {

/// SQLite's result codes (https://www.sqlite.org/rescode.html), as far as they mean something to
/// us; connection.cpp checks them against sqlite3.h.
namespace primary {
constexpr int busy = 5, locked = 6, no_memory = 7, readonly = 8, interrupt = 9, io = 10,
              corrupt = 11, full = 13, cannot_open = 14, too_big = 18, constraint = 19,
              mismatch = 20, not_a_database = 26;
}
namespace extended {
constexpr int check = 275, foreign_key = 787, not_null = 1299, primary_key = 1555, trigger = 1811,
              unique = 2067, row_id = 2579, data_type = 3091;
}

/// What an (extended) result code means to a caller. `reading`: the connection only reads.
Error meaning(int code, bool over_budget, bool reading);

}  // namespace atelier::sqlite
