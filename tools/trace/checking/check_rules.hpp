/// The findings of `tandem trace check`: every rule that a trace can show to be broken, and other noteworthy things.
/// The ids are stable: scripts may look for them.
#pragma once

#include "../../../messages/operation_id.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tandem::cli {

/// How bad a finding is.
enum class severity : uint8_t {
  note,    ///< worth knowing: something is missing and cannot be judged, or a legal race
  warning, ///< odd, but legal
  error,   ///< a side, a link or the recording broke a rule
};

/// "note", "warning", "error".
std::string_view to_string(severity x) noexcept;
std::optional<severity> parse_severity(std::string_view text) noexcept;

/// Those that begin with `s_` are rules of PROTOCOL.md of the same name; the others are about the trace itself, or
/// about two traces of one operation.
enum class rule : uint8_t {
  line,
  header,
  origin,
  name,
  gap,
  repeat,
  order,
  part,
  dropped,
  filtered,
  clock,
  size,
  owner,
  begun,
  consumed,
  s_ticket_1,
  s_ticket_2,
  s_ticket_3,
  s_ticket_4,
  s_ticket_6,
  s_ticket_7,
  s_send_1,
  s_send_2,
  s_send_6,
  s_send_8,
  s_recv_1,
  s_recv_2,
  s_recv_4,
  s_recv_6,
  s_end_1,
  s_end_2,
  s_end_3,
  s_end_4,
  s_end_6,
  s_end_12,
  s_time_2,
  s_time_3,
  s_flow_1,
  s_flow_3,
  s_flow_4,
  s_flow_5,
  details,
  early,
  overdue,
  lost,
  under_way,
  forged,
  missing,
  unsent,
  changed,
  twice,
  outcomes,
  open,
  forgotten,
};

/// A rule as people read it.
struct rule_text {
  std::string_view id; ///< "T-GAP", "S-RECV-2"
  severity level;
  std::string_view text;
};

const rule_text& about(rule x) noexcept;
std::span<const rule_text> all_rules() noexcept;

/// One finding.
struct finding {
  cli::rule rule{};
  size_t file = 0;   ///< index into the files
  uint64_t line = 0; ///< its number from 1; 0: of the file as a whole
  std::optional<operation_id> operation;
  std::string text; ///< a sentence

  int64_t wall_ns = 0;    ///< of the record, by the common clock
  bool follows = false;   ///< from the finding of the same operation that was given before it, as far as can be told
  uint64_t followers = 0; ///< how many findings follow from this one
  std::array<uint64_t, 3> not_listed = {}; ///< of the followers, by severity: those that are not given, but counted

  severity level() const noexcept {
    return about(rule).level;
  }
};

} // namespace tandem::cli
