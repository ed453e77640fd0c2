/// Which fields a line of a trace must have, and which of them mean something. Internal to the parser.
#pragma once

#include "trace_entry.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace tandem {

/// Which of the fields that a line must have were there.
enum present : uint32_t {
  has_record = 1 << 0,
  has_wall = 1 << 1,
  has_monotonic = 1 << 2,
  has_side = 1 << 3,
  has_link = 1 << 4,
  has_event = 1 << 5,
  has_direction = 1 << 6,
  has_ticket = 1 << 7,
  has_size = 1 << 8,
  has_operation = 1 << 9,
  has_number = 1 << 10,
  has_kind = 1 << 11,
  has_outcome = 1 << 12,
  has_format = 1 << 13,
  has_node = 1 << 14,
  has_start_wall = 1 << 15,
  has_start_monotonic = 1 << 16,
  has_count = 1 << 17,
  has_text = 1 << 18,
  has_began = 1 << 19,
  has_took = 1 << 20,
  has_consumed = 1 << 21, ///< the sequence number of a payload that was consumed
};

inline constexpr std::pair<present, std::string_view> field_names[] = {
  {has_record, "record"},
  {has_wall, "wall_ns"},
  {has_monotonic, "monotonic_ns"},
  {has_side, "side"},
  {has_link, "link"},
  {has_event, "event"},
  {has_direction, "direction"},
  {has_ticket, "ticket"},
  {has_size, "payload_size"},
  {has_operation, "operation_id"},
  {has_number, "sequence_number"},
  {has_kind, "kind"},
  {has_outcome, "outcome"},
  {has_format, "tandem_trace"},
  {has_node, "node"},
  {has_start_wall, "start_wall_ns"},
  {has_start_monotonic, "start_monotonic_ns"},
  {has_count, "count"},
  {has_text, "text"},
  {has_began, "began_ns"},
  {has_took, "took_ns"},
  {has_consumed, "sequence_number"},
};

inline constexpr uint32_t needed_by_all = has_record | has_wall | has_monotonic | has_side | has_link;
inline constexpr uint32_t needed_by_header = has_node | has_side | has_link | has_start_wall | has_start_monotonic;

constexpr uint32_t needed_by(trace_event event) noexcept {
  switch (event) {
    case trace_event::sent:
    case trace_event::received:
      return has_direction | has_ticket | has_size | has_operation | has_number | has_kind;
    case trace_event::begun:
      return has_operation;
    case trace_event::ended:
      return has_operation | has_outcome;
    case trace_event::annotation:
      return has_operation | has_text;
    case trace_event::consumed:
      return has_operation | has_consumed | has_began | has_took;
    case trace_event::dropped:
      return has_count;
    default:
      return 0;
  }
}

/// A field that means nothing with the entry's event is skipped like an unknown one.
void drop_foreign_fields(trace_entry& x);

/// Makes `x` as a new entry, but keeps its buffers; `side` and the times, which every entry has, stay.
void clear(trace_entry& x);

} // namespace tandem
