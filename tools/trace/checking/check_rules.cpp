#include "check_rules.hpp"

#include <array>

namespace tandem::cli {

namespace {

using enum severity;

/// In the order of the enumeration.
constexpr rule_text texts[] = {
  {"T-LINE", error, "every line can be read"},
  {"T-HEADER", warning, "a trace begins with a header"},
  {"T-ORIGIN", error, "records are of the side that the header names"},
  {"T-NAME", note, "records are of another link than the header names"},
  {"T-GAP", error, "record numbers have no gap"},
  {"T-REPEAT", error, "no record number is there twice"},
  {"T-ORDER", error, "record numbers rise"},
  {"T-PART", note, "parts of a rotated recording are not there"},
  {"T-DROPPED", note, "records were left out by the recorder; what they would explain is not reported"},
  {"T-FILTERED", note, "records were left out by `tandem trace filter`; what they would explain is not reported"},
  {"T-CLOCK", error, "the monotonic clock never goes back for one operation at one side"},
  {"T-SIZE", warning, "payload_size fits the payload"},
  {"T-OWNER", error, "an operation begins and ends at one end of a side only"},
  {"T-BEGUN", error, "an operation begins once, before all else, as its first ticket says"},
  {"T-CONSUMED", error, "a payload is consumed after it came, before the end, and in no more time than had passed"},
  {"S-TICKET-1", error, "a ticket has the fields of its direction only"},
  {"S-TICKET-2", error, "a ticket keeps the field rules"},
  {"S-TICKET-3", error, "from the front: a first ticket, continuations, a last one; or an abortive one, and no more"},
  {"S-TICKET-4", error, "from the back: continuations, a last one; or an abortive one, and no more"},
  {"S-TICKET-6", warning, "a trace id is on the first ticket only"},
  {"S-TICKET-7", warning, "details are on abortive tickets only"},
  {"S-SEND-1", error, "sequence numbers of sent tickets start at zero and rise by one"},
  {"S-SEND-2", error, "a front sends its first ticket before all others"},
  {"S-SEND-6", error, "a back sends what the subscription allows"},
  {"S-SEND-8", error, "a new timeout goes out on a continuation of its own"},
  {"S-RECV-1", warning, "a ticket came ahead of its turn, and was held"},
  {"S-RECV-2", error, "no sequence number is received twice; if one is, it is a reception failure"},
  {"S-RECV-4", error, "no second first ticket, and nothing after the completion; else it is a reception failure"},
  {"S-RECV-6", warning, "an operation that has ended began again"},
  {"S-END-1", error, "completed only when everything was sent and received"},
  {"S-END-2", error, "the first abort decides, and its cause is there"},
  {"S-END-3", error, "who aborts tells the other side, once, by the kind of the same name"},
  {"S-END-4", error, "an abortive ticket ends an operation with the outcome that it stands for"},
  {"S-END-6", error, "one outcome for each side, and nothing sent after it"},
  {"S-END-12", error, "a refusal is the only ticket of an operation that did not begin"},
  {"S-TIME-2", error, "the timeout at a side is what the ticket asked for, at most the maximum"},
  {"S-TIME-3", error, "an operation expires when its time is over: not before, and at once if it is over already"},
  {"S-FLOW-1", error, "a payload is sent only while there is credit for it"},
  {"S-FLOW-3", error, "an allowance adds to what was allowed, and is not sent after the other side's completion came"},
  {"S-FLOW-4", error, "an allowance that is received adds to what was allowed"},
  {"S-FLOW-5", error, "no payload is received beyond what was allowed"},
  {"T-DETAILS", warning, "an end's details are those of the ticket that goes with it"},
  {"T-EARLY", note, "the front expired before the deadline that is known: the timeout was shortened"},
  {"T-OVERDUE", warning, "the deadline passed by more than a second without an end"},
  {"T-LOST", error, "a ticket that was sent is received"},
  {"T-UNDER-WAY", note, "a ticket was sent and not received, for which there is a reason"},
  {"T-FORGED", error, "a ticket that was received was sent"},
  {"T-MISSING", warning, "a ticket is in one trace only, and the other goes on for more than a second"},
  {"T-UNSENT", note, "a ticket was received that the other trace does not have, for which there is a reason"},
  {"T-CHANGED", error, "a ticket is received as it was sent"},
  {"T-TWICE", warning, "a ticket that was sent once was received twice"},
  {"T-OUTCOMES", note, "the two sides ended differently, which is legal"},
  {"T-OPEN", note, "an operation is still open where the trace ends"},
  {"T-FORGOTTEN", note, "more operations are open than are kept in mind; the oldest are not checked any further"},
};

static_assert(std::size(texts) == static_cast<size_t>(rule::forgotten) + 1);

constexpr std::array<std::string_view, 3> levels{"note", "warning", "error"};

} // namespace

std::string_view to_string(severity x) noexcept {
  return levels[static_cast<size_t>(x)];
}

std::optional<severity> parse_severity(std::string_view text) noexcept {
  for (size_t i = 0; i < levels.size(); ++i)
    if (levels[i] == text)
      return static_cast<severity>(i);
  return std::nullopt;
}

const rule_text& about(rule x) noexcept {
  return texts[static_cast<size_t>(x)];
}

std::span<const rule_text> all_rules() noexcept {
  return texts;
}

} // namespace tandem::cli
