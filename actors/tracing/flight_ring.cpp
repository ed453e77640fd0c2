#include "flight_ring.hpp"

#include <bit>

namespace tandem {

namespace {

/// How many names are kept, for good: a client that makes names up must not use up the memory.
constexpr size_t most_names = 4096;
constexpr size_t longest_kept_name = 256;

} // namespace

flight_ring::flight_ring(trace_side side, size_t size)
  : side_(side),
    records_(size == 0 ? 0 : std::bit_ceil(size)),
    mask_(records_.empty() ? 0 : records_.size() - 1),
    names_{"..."} {
}

/// 0, which is "...", for names that are not kept.
uint16_t flight_ring::find_name(const std::string& name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end())
    return last_name_ = found->second;
  if (names_.size() >= most_names || name.size() > longest_kept_name)
    return 0;
  last_name_ = static_cast<uint16_t>(names_.size());
  names_.push_back(name);
  numbers_.emplace(name, last_name_);
  return last_name_;
}

std::vector<captured> flight_ring::records(const operation_id* only) const {
  std::vector<captured> result;
  const uint64_t first = used_ > records_.size() ? used_ - records_.size() : 0;
  for (uint64_t i = first; i < used_; ++i)
    if (const auto& x = records_[i & mask_]; only == nullptr || x.operation == *only)
      result.push_back(to_captured(x));
  return result;
}

captured flight_ring::to_captured(const record& x) const {
  captured result;
  result.event = x.event;
  result.side = side_;
  result.monotonic_ns = x.now;
  result.operation = x.operation;
  const auto text = x.more ? x.more->text : std::string{};
  switch (x.event) {
    case trace_event::begun: {
      auto& rest = result.add_rest();
      rest.name = names_[x.name];
      rest.subscription = static_cast<subscription_kind>(x.subscription);
      if (x.more)
        rest.trace_id = x.more->trace_id;
      if (x.timeout >= 0)
        rest.timeout = duration{x.timeout};
      break;
    }
    case trace_event::ended:
      result.ended = static_cast<outcome>(x.kind);
      if (!text.empty())
        result.add_rest().details = text;
      break;
    case trace_event::annotation:
      result.add_rest().text = text;
      break;
    default:
      result.kind = static_cast<ticket_kind>(x.kind);
      result.sequence_number = {x.number};
      if (x.payload != no_payload)
        result.forgotten = x.payload;
      if (is_first(result.kind)) {
        auto& rest = result.add_rest();
        rest.name = names_[x.name];
        rest.subscription = static_cast<subscription_kind>(x.subscription);
        if (x.more)
          rest.trace_id = x.more->trace_id;
        if (x.window != no_window)
          result.allowed = x.window;
      }
      if (result.kind == ticket_kind::allowance)
        result.allowed = static_cast<uint64_t>(x.timeout);
      else if (x.timeout >= 0)
        result.add_rest().timeout = duration{x.timeout};
      if (!text.empty())
        result.add_rest().details = text;
  }
  return result;
}

} // namespace tandem
