#include "engines/sqlite/errors.hpp"

namespace atelier::sqlite {
namespace {

Error constraint(int code) {
  switch (code) {
    case extended::unique:
    case extended::primary_key:
    case extended::row_id: return {Fault::conflict, "unique", "this exists already"};
    case extended::foreign_key:
    case extended::trigger:  // what ON DELETE RESTRICT reports
      return {Fault::conflict, "reference", "this refers to, or is referred to by, something else"};
    case extended::not_null: return {Fault::invalid, "required", "a value is missing"};
    case extended::data_type: return {Fault::invalid, "type", "a value has the wrong type"};
    default: return {Fault::invalid, "check", "a value is out of bounds"};
  }
}

}  // namespace

Error meaning(int code, bool over_budget, bool reading) {
  switch (code & 0xff) {
    case primary::constraint: return constraint(code);
    case primary::mismatch: return {Fault::invalid, "type", "a value has the wrong type"};
    case primary::too_big: return {Fault::invalid, "too_large", "a value is too large"};
    case primary::full: return {Fault::unavailable, "storage_full", "the storage is full", {}, 60};
    case primary::interrupt:
      if (over_budget)
        return {Fault::unavailable, "budget_exceeded", "the query takes long", {}, 1};
      return {Fault::unavailable, "timeout", "the query took too long", {}, 5};
    case primary::busy:
    case primary::locked: return {Fault::unavailable, "busy", "the database is busy", {}, 1};
    case primary::readonly:
      if (reading) return {Fault::internal, "read_only", "a read tried to write"};
      return {Fault::unavailable, "storage", "the storage is read-only", {}, 60};
    case primary::no_memory:
    case primary::io:
    case primary::cannot_open:
      return {Fault::unavailable, "storage", "the storage does not answer", {}, 5};
    case primary::corrupt:
    case primary::not_a_database:
      return {Fault::internal, "storage_damaged", "the database file is damaged"};
    default: return {Fault::internal, "sql", "the database refused a statement"};
  }
}

}  // namespace atelier::sqlite
