#include "pair.hpp"

#include <algorithm>

namespace tandem_test {

using namespace tandem;

namespace {

template <class Ticket>
std::string check_delivery(const std::vector<Ticket>& sent, const std::vector<customer_call>& calls,
                           const std::string& where) {
  std::vector<std::string> payloads;
  bool all_sent = false;
  for (const auto& ticket : sent) {
    if (ticket.payload)
      payloads.push_back(written(*ticket.payload));
    all_sent = all_sent || ticket.kind == ticket_kind::completion || ticket.kind == ticket_kind::entire;
  }
  size_t delivered = 0;
  bool ended = false;
  for (const auto& call : calls) {
    if (ended)
      return where + ": a delivery after the end of the input\n";
    if (call.content && (delivered == payloads.size() || *call.content != payloads[delivered]))
      return where + ": delivered what was not sent, not in order, or twice: " + *call.content + "\n";
    delivered += call.content ? 1 : 0;
    ended = call.last;
  }
  if (ended && (!all_sent || delivered != payloads.size()))
    return where + ": the end of the input before all of it\n";
  return {};
}

template <class From, class To>
void pass(From& from, To& to, size_t place) {
  if (place >= from.under_way.size())
    return;
  auto ticket = std::move(from.under_way[place]);
  from.under_way.erase(from.under_way.begin() + static_cast<ptrdiff_t>(place));
  to.receive(std::move(ticket));
}

template <class Half>
bool fire_if_due(Half& half) {
  if (!half.timer || *half.timer > half.now)
    return false;
  half.fire_timer();
  if (half.timer && *half.timer <= half.now) {
    half.violations.push_back("it set its timer to a time that has come");
    half.timer.reset(); // or it would fire for ever
  }
  return true;
}

} // namespace

pair::pair(const pair_options& options) : pair(options, options) {
}

pair::pair(const pair_options& at_front, const pair_options& at_back)
  : front(at_front, the_beginning), back(at_back, the_beginning) {
}

void pair::pass_to_back(size_t place) {
  pass(front, back, place);
}

void pair::pass_to_front(size_t place) {
  pass(back, front, place);
}

void pair::settle() {
  while (!front.under_way.empty() || !back.under_way.empty()) {
    pass_to_back();
    pass_to_front();
  }
}

void pair::advance(duration distance) {
  const auto target = now() + distance;
  for (;;) {
    auto earliest = target;
    for (const auto& timer : {front.timer, back.timer})
      if (timer)
        earliest = std::min(earliest, *timer);
    front.now = back.now = std::max(now(), earliest);
    const bool front_fired = fire_if_due(front);
    const bool back_fired = fire_if_due(back);
    if (!front_fired && !back_fired && now() >= target)
      return;
  }
}

std::string pair::violations() const {
  std::string result;
  for (const auto* all : {&front.violations, &back.violations})
    for (const auto& x : *all)
      result += x + "\n";
  return result;
}

std::string pair::delivery_violations() const {
  return check_delivery(front.sent, back.calls, "back") + check_delivery(back.sent, front.calls, "front");
}

} // namespace tandem_test
