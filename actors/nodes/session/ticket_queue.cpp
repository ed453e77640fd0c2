#include "ticket_queue.hpp"
#include "../network/port_codec.hpp"

#include <algorithm>

namespace tandem {

// -- what comes in -------------------------------------------------------------------------------

void ticket_queue::push(ticket_batch&& x) {
  if (x.entries.empty())
    return;
  for (const auto& entry : x.entries)
    bytes_ += entry.payload.bytes.size();
  bytes_ += x.bytes.size();
  if (add_to_whole(x))
    return;
  spread_whole();
  spread(std::move(x));
}

void ticket_queue::push_control(std::string item) {
  auto owner = std::make_shared<const std::string>(std::move(item));
  bytes_ += owner->size();
  control_.push_back({owner, *owner, false, {}, 0});
}

/// Whether it may go as it is, however much goes before it.
bool ticket_queue::is_simple(const ticket_batch& x) {
  return std::ranges::none_of(x.entries, [&](const auto& entry) {
    return !entry.payload.bytes.empty() || (entry.is_abortive && x.bytes.size() > full);
  });
}

bool ticket_queue::add_to_whole(ticket_batch& x) {
  if (!control_.empty() || !by_operation_.empty())
    return false;
  const auto waiting = whole_.bytes.size() - whole_goes_from();
  if (waiting + x.bytes.size() > static_cast<size_t>(turn) || !is_simple(x))
    return false;
  if (whole_.entries.empty()) {
    whole_ = std::move(x);
    return true;
  }
  if (whole_goes_from() > static_cast<size_t>(turn))
    forget_what_went();
  for (auto& entry : x.entries) {
    entry.end += whole_.bytes.size();
    whole_.entries.push_back(std::move(entry));
  }
  whole_.bytes += x.bytes;
  return true;
}

/// As many of its tickets as one frame takes.
frame_ptr ticket_queue::next_of_whole() {
  auto result = std::make_shared<frame_content>();
  const auto begin = whole_goes_from();
  if (whole_.bytes.size() - begin <= full) {
    result->bytes = begin == 0 ? std::move(whole_.bytes) : whole_.bytes.substr(begin);
    whole_ = {};
    next_of_whole_ = 0;
  } else {
    do
      ++next_of_whole_;
    while (next_of_whole_ < whole_.entries.size() && whole_.entries[next_of_whole_].end - begin <= full);
    result->bytes = whole_.bytes.substr(begin, whole_goes_from() - begin);
  }
  bytes_ -= result->bytes.size();
  return result;
}

/// In its bytes.
size_t ticket_queue::whole_goes_from() const {
  return next_of_whole_ == 0 ? 0 : whole_.entries[next_of_whole_ - 1].end;
}

void ticket_queue::forget_what_went() {
  const auto size = whole_goes_from();
  whole_.bytes.erase(0, size);
  whole_.entries.erase(whole_.entries.begin(), whole_.entries.begin() + static_cast<std::ptrdiff_t>(next_of_whole_));
  for (auto& entry : whole_.entries)
    entry.end -= size;
  next_of_whole_ = 0;
}

void ticket_queue::spread_whole() {
  if (whole_.entries.empty())
    return;
  forget_what_went();
  spread(std::exchange(whole_, {}));
}

/// Its bytes are counted already.
void ticket_queue::spread(ticket_batch&& x) {
  const auto owner = std::make_shared<const std::string>(std::move(x.bytes));
  size_t begin = 0;
  for (auto& entry : x.entries) {
    const std::string_view item{owner->data() + begin, entry.end - begin};
    begin = entry.end;
    waiting ticket{owner, item, entry.is_first, std::move(entry.payload), entry.transfer};
    if (entry.is_abortive)
      abort(entry.operation, std::move(ticket));
    else
      put(entry.operation, std::move(ticket));
  }
}

void ticket_queue::put(const operation_id& operation, waiting&& x) {
  auto [entry, is_new] = by_operation_.try_emplace(operation);
  if (is_new)
    entry->second = fresh_.insert(fresh_.end(), lane{.operation = operation, .at = &fresh_});
  entry->second->tickets.push_back(std::move(x));
}

/// What waits of the operation is of no use any more, except its first ticket, without which the other side would not
/// know what was aborted.
void ticket_queue::abort(const operation_id& operation, waiting&& x) {
  if (auto entry = by_operation_.find(operation); entry != by_operation_.end()) {
    auto& first = entry->second->front();
    const bool is_unknown = first.is_first && !first.is_under_way();
    const bool never_heard = is_unknown && first.is_large();
    if (is_unknown && !never_heard) {
      control_.push_back(std::exchange(first, {}));
    }
    drop(entry->second);
    if (never_heard) {
      bytes_ -= x.bytes();
      return;
    }
  }
  control_.push_back(std::move(x));
}

void ticket_queue::forget(const operation_id& operation) {
  if (auto entry = by_operation_.find(operation); entry != by_operation_.end())
    drop(entry->second);
}

bool ticket_queue::has_first() const {
  const auto is_first = [](const auto& x) { return x.is_first; };
  return std::any_of(whole_.entries.begin() + static_cast<std::ptrdiff_t>(next_of_whole_), whole_.entries.end(),
                     is_first)
         || std::ranges::any_of(control_, is_first)
         || std::ranges::any_of(by_operation_, [](const auto& x) { return x.second->front().is_first; });
}

void ticket_queue::drop(lane_list::iterator x) {
  for (; x->next < x->tickets.size(); ++x->next) {
    const auto& ticket = x->front();
    bytes_ -= ticket.bytes();
    if (ticket.is_large() && ticket.is_under_way())
      drop_transfer(ticket);
  }
  by_operation_.erase(x->operation);
  x->at->erase(x);
}

bool ticket_queue::lane::pop() {
  front() = {}; // its bytes go now
  if (++next == tickets.size())
    return false;
  if (next >= 64 && 2 * next >= tickets.size()) {
    tickets.erase(tickets.begin(), tickets.begin() + static_cast<std::ptrdiff_t>(next));
    next = 0;
  }
  return true;
}

void ticket_queue::drop_transfer(const waiting& x) {
  std::string item;
  append_dropped(x.transfer, item);
  push_control(std::move(item));
  transfer_ended();
}

void ticket_queue::transfer_ended() {
  --transfers_;
  for (auto& x : blocked_)
    x.at = &others_;
  others_.splice(others_.begin(), blocked_);
}

void ticket_queue::move(lane_list::iterator x, lane_list& to) {
  to.splice(to.end(), *x->at, x);
  x->at = &to;
}

// -- what goes out -------------------------------------------------------------------------------

frame_ptr ticket_queue::next_frame(bool only_control) {
  if (!whole_.entries.empty() && control_.empty() && !only_control)
    return next_of_whole();
  spread_whole();
  auto frame = std::make_shared<frame_content>();
  while (!control_.empty() && send_item(*frame, control_.front()))
    control_.pop_front();
  // A piece ends a frame.
  while (!only_control && control_.empty() && frame->piece.empty())
    if (auto* list = list_with_turn(*frame); list == nullptr || !take_turn(*frame, list->begin()))
      break;
  return frame->size() > 0 ? frame : nullptr;
}

ticket_queue::lane_list* ticket_queue::list_with_turn(const frame_content& frame) {
  if (others_.empty())
    return fresh_.empty() ? nullptr : &fresh_;
  return fresh_.empty() || frame.size() > full / 2 ? &others_ : &fresh_;
}

/// False if the frame is full.
bool ticket_queue::take_turn(frame_content& frame, lane_list::iterator x) {
  if (x->credit <= 0)
    x->credit += turn;
  while (x->credit > 0) {
    auto& next = x->front();
    if (next.is_large() && !next.is_under_way() && transfers_ == most_transfers) {
      move(x, blocked_);
      return true;
    }
    if (!next.is_under_way()) {
      const auto size = static_cast<int64_t>(next.item.size());
      if (!send_item(frame, next))
        return false;
      x->credit -= size;
      next.item = {};
      if (next.is_large()) {
        ++transfers_;
        continue;
      }
    } else {
      if (!send_piece(frame, next, x->credit))
        return false;
      if (next.is_large()) {
        if (x->credit <= 0)
          break;
        return true;
      }
      transfer_ended();
    }
    if (!x->pop()) {
      by_operation_.erase(x->operation);
      x->at->erase(x);
      return true;
    }
    if (!frame.piece.empty())
      return true;
  }
  move(x, others_);
  return true;
}

bool ticket_queue::send_item(frame_content& frame, const waiting& x) {
  if (frame.size() > 0 && frame.size() + x.item.size() > full)
    return false;
  frame.bytes += x.item;
  bytes_ -= x.item.size();
  return true;
}

bool ticket_queue::send_piece(frame_content& frame, waiting& x, int64_t& credit) {
  if (frame.size() >= full)
    return false;
  const auto size = std::min(x.payload.bytes.size(), static_cast<size_t>(credit));
  append_piece(x.transfer, size, frame.bytes);
  frame.piece = x.payload.bytes.substr(0, size);
  frame.owner = x.payload.owner;
  x.payload.bytes.remove_prefix(size);
  bytes_ -= size;
  credit -= static_cast<int64_t>(size);
  return true;
}

} // namespace tandem
