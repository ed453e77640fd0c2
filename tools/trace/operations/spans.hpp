/// A span is an operation as one side saw it, put together from the entries of a trace. Exports and the page are made
/// from spans.
///
///     span_builder spans{limits};
///     while (const auto* x = input.next()) {
///       spans.add(*x);
///       while (auto span = spans.take())
///         ...;
///     }
///     spans.finish();
///     while (auto span = spans.take())
///       ...;
#pragma once

#include "../reading/trace_input.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace tandem::cli {

/// A ticket that passed, a note of customer code, or a payload that it consumed.
struct span_event {
  trace_event event = trace_event::sent; ///< sent, received, annotation or consumed
  bool to_back = false;
  ticket_kind kind = ticket_kind::continuation;
  uint64_t sequence_number = 0; ///< consumed: of the ticket that brought the payload
  uint64_t payload_size = 0;
  int64_t after_ns = 0; ///< since the span began
  std::optional<duration> timeout;
  std::optional<uint64_t> allowed; ///< of an allowance or a first ticket
  int64_t began_after_ns = 0;      ///< consumed: since the span began
  int64_t took_ns = 0;             ///< consumed
  std::string text;                ///< the payload's JSON as far as the limit allows, details, or the annotation
  std::string missing;             ///< why a payload is not all there: "limit", or what the trace says; empty if it is

  bool is_ticket() const noexcept {
    return event == trace_event::sent || event == trace_event::received;
  }
};

/// An operation at one side.
struct span {
  operation_id operation;
  trace_side side = trace_side::front;
  std::string node; ///< that recorded it; the name of the file if that has no header
  std::string link;
  std::string peer; ///< the node of the other side, where known
  std::optional<std::string> name;
  std::optional<subscription_kind> subscription;
  std::optional<tandem::trace_id> trace_id;
  std::optional<operation_id> parent;
  std::optional<duration> timeout;

  int64_t begin_ns = 0;               ///< nanoseconds since 1970 UTC
  int64_t last_ns = 0;                ///< of its last entry, since it began
  std::optional<int64_t> duration_ns; ///< nothing: its end was not recorded
  std::optional<tandem::outcome> outcome;
  std::string details; ///< why it ended
  bool was_refused = false;
  bool begun_recorded = false;
  bool end_inferred = false; ///< from its tickets: the end itself was not recorded

  std::vector<span_event> events;
  uint64_t dropped_events = 0; ///< how many more there were

  /// How long it took, or until its last entry.
  int64_t known_duration_ns() const noexcept {
    return duration_ns.value_or(last_ns);
  }

  /// Its name, or a stand-in for one that was not recorded.
  std::string_view shown_name() const noexcept {
    return name ? std::string_view{*name} : std::string_view{"(unknown)"};
  }
};

/// How much of a trace is kept.
struct span_limits {
  size_t events = SIZE_MAX;        ///< of a span; further ones are counted
  size_t payload_bytes = SIZE_MAX; ///< of a payload's JSON
  size_t lingering = 1000;         ///< how many ended spans wait for late entries
  size_t remembered = 100'000;     ///< of how many spans that were given out late entries are known as such
};

/// Memory is that of the spans that have not ended, and of the last ones that have.
///
/// Times within a span are those of the monotonic clock, beginning at the wall clock's time of its first entry: so a
/// wall clock that jumps changes no duration, and spans of several nodes still lie as their clocks say. If an end and
/// a link of one side have both recorded an operation's tickets, those of the one that came first are taken.
class span_builder {
public:
  explicit span_builder(span_limits limits = {});
  ~span_builder();

  /// The span and event of the entry: null if it belongs to no operation, or comes too late. Good until the next call.
  struct added {
    const span* of = nullptr;
    const span_event* event = nullptr;
  };
  added add(const placed_entry& placed);

  /// The next span that is over.
  std::optional<span> take();

  /// There is no more: all spans are over.
  void finish();

  /// How many entries came after their span was given out.
  uint64_t late() const noexcept {
    return late_;
  }

private:
  struct key {
    operation_id operation;
    trace_side side;
    size_t node;
    bool operator==(const key&) const = default;
  };
  struct key_hash {
    size_t operator()(const key& x) const noexcept {
      const auto place = x.node * 2 + static_cast<size_t>(x.side);
      return std::hash<operation_id>{}(x.operation) ^ place * 0x9e3779b97f4a7c15ull;
    }
  };
  struct state;
  struct known_node {
    std::string name;
    size_t number = 0;
  };

  size_t node_number(const placed_entry& placed);
  state* find_or_begin(const key& id, const placed_entry& placed);
  static void learn(span& x, const trace_entry& entry);
  static void infer_end(state& x, const trace_entry& entry);
  void close(const key& id, state& x);
  void give_out(const key& id);

  span_limits limits_;
  std::unordered_map<std::string, size_t> nodes_;
  std::vector<known_node> by_file_; ///< of the record before: mostly that of the next one, too
  std::unordered_map<key, std::unique_ptr<state>, key_hash> current_;
  std::deque<key> ended_; ///< in current_, as they ended
  std::unordered_set<key, key_hash> gone_;
  std::deque<key> gone_order_;
  std::deque<span> ready_;
  span_event event_; ///< the last one, if it is not kept
  uint64_t late_ = 0;
};

} // namespace tandem::cli
