#include "engines/postgres/errors.hpp"

namespace atelier::postgres {
namespace {

struct Row {
  std::string_view state;  ///< the whole code, or its class
  Error error;
};

const Row rows[] = {
    {"23505", {Fault::conflict, "unique", "this exists already"}},
    {"23503",
     {Fault::conflict, "reference", "this refers to, or is referred to by, something else"}},
    {"23001",
     {Fault::conflict, "reference", "this refers to, or is referred to by, something else"}},
    {"23502", {Fault::invalid, "required", "a value is missing"}},
    {"23514", {Fault::invalid, "check", "a value is out of bounds"}},
    {"22021", {Fault::invalid, "text", "not well-formed text"}},
    {"22P02", {Fault::invalid, "type", "a value has the wrong type"}},
    {"22003", {Fault::invalid, "type", "a value has the wrong type"}},
    {"54000", {Fault::invalid, "too_large", "a value is too large"}},
    {"25006", {Fault::internal, "read_only", "a read tried to write"}},
    {"40", {Fault::unavailable, "busy", "the database is busy", {}, 1}},
    {"55P03", {Fault::unavailable, "busy", "the database is busy", {}, 1}},
    {"53300", {Fault::unavailable, "busy", "the database is busy", {}, 1}},
    {"53100", {Fault::unavailable, "storage_full", "the storage is full", {}, 60}},
    {"53", {Fault::unavailable, "storage", "the database lacks resources", {}, 5}},
    {"58", {Fault::unavailable, "storage", "the storage does not answer", {}, 5}},
    {"57014", {Fault::unavailable, "timeout", "the query took too long", {}, 5}},
    {"25P03", {Fault::unavailable, "timeout", "the transaction took too long", {}, 5}},
    {"57", {Fault::unavailable, "database_down", "the database cannot be reached", {}, 1}},
    {"08", {Fault::unavailable, "database_down", "the database cannot be reached", {}, 1}},
    {"XX001", {Fault::internal, "storage_damaged", "the database is damaged"}},
    {"XX002", {Fault::internal, "storage_damaged", "the database is damaged"}},
};

}  // namespace

Error meaning(std::string_view state) {
  for (const Row& row : rows)
    if (state.starts_with(row.state)) return row.error;
  return {Fault::internal, "sql", "the database refused a statement"};
}

bool asks_again(std::string_view state) {
  // Serialisation failure, deadlock, and a prepared plan that a schema change made unfit.
  return state == "40001" || state == "40P01" || state == "0A000";
}

Error unreachable() { return meaning("08006"); }

}  // namespace atelier::postgres
