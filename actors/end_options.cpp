#include "end_options.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

namespace tandem {

namespace {

constexpr size_t most_shards = 256;                     // the low byte of an operation id
constexpr size_t most_flight_records = size_t{1} << 24; // 1 GiB a shard
constexpr size_t most_remembered = UINT32_MAX;          // ended_memory counts places so

void check_at_most(const char* name, size_t value, size_t most) {
  if (value > most)
    throw std::invalid_argument{std::string{"end_options: "} + name + " must be at most " + std::to_string(most)
                                + ", got " + std::to_string(value)};
}

void check_unused(const char* name, bool is_default) {
  if (!is_default)
    throw std::invalid_argument{std::string{"end_options: "} + name
                                + " is for back ends, a front end has no use for it"};
}

} // namespace

void check_front_options(const end_options& options) {
  check_back_options(options);
  const end_options usual;
  check_unused("maximum_timeout", options.maximum_timeout == usual.maximum_timeout);
  check_unused("remembered_operations", options.remembered_operations == usual.remembered_operations);
  check_unused("maximum_operations", options.maximum_operations == usual.maximum_operations);
}

void check_back_options(const end_options& options) {
  check_at_most("shards", options.shards, most_shards);
  check_at_most("flight_records", options.flight_records, most_flight_records);
  check_at_most("remembered_operations", options.remembered_operations, most_remembered);
  check_positive_duration("end_options: default_timeout", options.default_timeout);
  check_positive_duration("end_options: maximum_timeout", options.maximum_timeout);
}

} // namespace tandem
