#include "ticket_queue.hpp"
#include "../network/port_codec.hpp"

#include <algorithm>

namespace tandem {

// -- what comes in -------------------------------------------------------------------------------

void ticket_queue::push(ticket_batch&& x) {
  if (x.entries.empty())
    return;
  const bool any_large = std::ranges::any_of(x.entries, [](const auto& entry) { return !entry.payload.bytes.empty(); });
  // Nearly always nothing waits, and all goes at once.
  if (!any_large && empty() && x.bytes.size() <= full) {
    bytes_ += x.bytes.size();
    whole_ = std::move(x);
    return;
  }
  if (!any_large && whole_ && whole_->bytes.size() + x.bytes.size() <= full) {
    bytes_ += x.bytes.size();
    for (auto& entry : x.entries) {
      entry.end += whole_->bytes.size();
      whole_->entries.push_back(std::move(entry));
    }
    whole_->bytes += x.bytes;
    return;
  }
  if (whole_)
    spread(*std::exchange(whole_, std::nullopt));
  for (const auto& entry : x.entries)
    bytes_ += entry.payload.bytes.size();
  bytes_ += x.bytes.size();
  spread(std::move(x));
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
  if (is_new) {
    entry->second = fresh_.insert(fresh_.end(), lane{operation, {}, 0, &fresh_});
  }
  entry->second->tickets.push_back(std::move(x));
}

/// What waits of the operation is of no use any more, except its first ticket, without which the other side would not
/// know what was aborted.
void ticket_queue::abort(const operation_id& operation, waiting&& x) {
  if (auto entry = by_operation_.find(operation); entry != by_operation_.end()) {
    auto& first = entry->second->tickets.front();
    const bool is_unknown = first.is_first && !first.is_under_way();
    const bool never_heard = is_unknown && first.is_large();
    if (is_unknown && !never_heard) {
      control_.push_back(std::move(first));
      entry->second->tickets.pop_front();
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
  if (whole_)
    return; // it is about to go
  if (auto entry = by_operation_.find(operation); entry != by_operation_.end())
    drop(entry->second);
}

bool ticket_queue::has_first() const {
  const auto is_first = [](const auto& x) { return x.is_first; };
  if (whole_ && std::ranges::any_of(whole_->entries, is_first))
    return true;
  return std::ranges::any_of(control_, is_first)
         || std::ranges::any_of(by_operation_, [](const auto& x) { return x.second->tickets.front().is_first; });
}

void ticket_queue::drop(lane_list::iterator x) {
  for (const auto& ticket : x->tickets) {
    bytes_ -= ticket.bytes();
    if (ticket.is_under_way())
      drop_transfer(ticket);
  }
  by_operation_.erase(x->operation);
  x->at->erase(x);
}

void ticket_queue::drop_transfer(const waiting& x) {
  auto bytes = std::make_shared<std::string>();
  append_dropped(x.transfer, *bytes);
  bytes_ += bytes->size();
  control_.push_back({bytes, *bytes, false, {}, 0});
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
  if (whole_) {
    auto batch = std::move(*whole_);
    whole_.reset();
    if (!only_control) {
      bytes_ -= batch.bytes.size();
      return std::make_shared<frame_content>(frame_content{std::move(batch.bytes), {}, nullptr});
    }
    spread(std::move(batch));
  }
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
    auto& next = x->tickets.front();
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
    x->tickets.pop_front();
    if (x->tickets.empty()) {
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
