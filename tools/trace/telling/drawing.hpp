/// Operations as a sequence diagram: lifelines, tickets between them, and notes; and functions that write it as Mermaid
/// or SVG.
#pragma once

#include "../operations/operation_steps.hpp"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace tandem::cli {

/// One side of an operation at a node: the same line for all operations there.
struct lifeline {
  std::string side;  ///< "front", "back"
  std::string node;  ///< empty: not known
  bool known = true; ///< false: the traces have nothing of it
};

enum class arrow_style : uint8_t {
  plain, ///< no payload
  payload,
  abortive,
  late, ///< received after the end
};

/// A ticket. At least one of the times is there.
struct drawn_ticket {
  size_t from = 0; ///< lifelines
  size_t to = 0;
  std::optional<int64_t> sent_ns;
  std::optional<int64_t> received_ns;
  bool knows_travel = false; ///< how long it was under way is more than what clocks may be off by
  bool lost = false;         ///< the receiver's trace should have it, and has not
  arrow_style style{};
  std::string label;

  int64_t begin_ns() const noexcept {
    return sent_ns.value_or(received_ns.value_or(0));
  }
  int64_t end_ns() const noexcept {
    return received_ns.value_or(sent_ns.value_or(0));
  }
};

/// Something at one lifeline.
struct drawn_note {
  size_t at = 0;
  int64_t when_ns = 0;
  bool is_end = false; ///< of the operation; with its outcome
  bool good = true;    ///< completed
  std::string text;
};

struct drawing {
  std::string title;
  std::vector<lifeline> lifelines;
  std::vector<drawn_ticket> tickets; ///< in the order of begin_ns
  std::vector<drawn_note> notes;
  int64_t start_ns = 0;  ///< the earliest time; others are shown as milliseconds since then
  uint64_t left_out = 0; ///< tickets and notes in the midst that are not drawn
};

/// `most` tickets and notes are drawn: the first and the last. 0: all.
drawing make_drawing(const read_steps& found, size_t most);

void write_mermaid(const drawing& x, std::ostream& out);

/// A document of its own, that needs nothing from elsewhere.
void write_svg(const drawing& x, std::ostream& out);

/// "12.345": milliseconds since the start.
std::string time_text(const drawing& x, int64_t when_ns);

} // namespace tandem::cli
