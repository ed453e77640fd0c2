#include "drawing.hpp"

#include "../../cli/duration_text.hpp"
#include "../reading/saturating.hpp"

#include <algorithm>
#include <ostream>

namespace tandem::cli {

namespace {

/// Text that Mermaid takes as it is: what could mean something to it, or to the HTML that it becomes, as numbers.
std::string escaped_mermaid(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (std::string_view{"#;<>&\"%{}\\"}.find(c) != std::string_view::npos)
      result += '#' + std::to_string(static_cast<int>(c)) + ';';
    else
      result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result;
}

std::string arrow_of(const drawn_ticket& x) {
  if (x.lost)
    return "-x";
  if (x.style == arrow_style::late || !x.sent_ns || !x.received_ns)
    return "-->>"; // dashed: it had no effect, or one of its ends is not in the traces
  return "->>";
}

std::string travel_of(const drawn_ticket& x) {
  if (x.lost)
    return ", never received";
  if (x.style == arrow_style::late)
    return ", late";
  if (x.sent_ns && x.received_ns && x.knows_travel)
    return ", " + write_elapsed(duration{std::max<int64_t>(saturated_difference(*x.received_ns, *x.sent_ns), 0)})
           + " on its way";
  return "";
}

void write_ticket(const drawing& all, const drawn_ticket& x, std::ostream& out) {
  out << "  L" << x.from << arrow_of(x) << 'L' << x.to << ": " << time_text(all, x.begin_ns()) << " ms "
      << escaped_mermaid(x.label + travel_of(x)) << '\n';
}

void write_note(const drawing& all, const drawn_note& x, std::ostream& out) {
  out << "  Note over L" << x.at << ": " << time_text(all, x.when_ns) << " ms " << escaped_mermaid(x.text) << '\n';
}

} // namespace

/// Mermaid has no time: tickets are in the order in which they were sent.
void write_mermaid(const drawing& x, std::ostream& out) {
  out << "sequenceDiagram\n";
  if (!x.title.empty())
    out << "  accTitle: " << escaped_mermaid(x.title) << '\n';
  for (size_t i = 0; i < x.lifelines.size(); ++i) {
    const auto& line = x.lifelines[i];
    out << "  participant L" << i << " as " << line.side
        << escaped_mermaid(!line.known         ? " (not in the traces)"
                           : line.node.empty() ? ""
                                               : " " + line.node)
        << '\n';
  }
  size_t note = 0;
  for (const auto& ticket : x.tickets) {
    for (; note < x.notes.size() && x.notes[note].when_ns < ticket.begin_ns(); ++note)
      write_note(x, x.notes[note], out);
    write_ticket(x, ticket, out);
  }
  for (; note < x.notes.size(); ++note)
    write_note(x, x.notes[note], out);
  if (x.left_out > 0)
    out << "  Note over L0: " << x.left_out << " in the middle are not drawn\n";
}

} // namespace tandem::cli
