/// One direction of the test link: records what it is handed and passes it on, or holds, reorders, repeats, loses or
/// refuses it.
#pragma once

#include "../../../actors/links/link.hpp"
#include "object_reader.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace tandem::conformance {

/// Where tickets go: a link, an end, or nowhere.
template <class Ticket>
using acceptor = std::function<std::vector<refusal>(std::vector<Ticket>&&)>;

/// Any thread, but for `release`, which is for the thread that runs the scenario.
template <class Ticket>
class channel {
public:
  /// Tickets go there from now on; without a target they go nowhere.
  void to(acceptor<Ticket> target) {
    std::lock_guard guard{mutex_};
    target_ = std::move(target);
  }

  /// Takes what an end sends. Throws while broken, and then has taken nothing.
  std::vector<refusal> accept(std::vector<Ticket>&& tickets) {
    acceptor<Ticket> target;
    {
      std::lock_guard guard{mutex_};
      if (broken_)
        throw std::runtime_error{"the scenario has broken the link"};
      recorded_.insert(recorded_.end(), tickets.begin(), tickets.end());
      if (holding_) {
        held_.insert(held_.end(), tickets.begin(), tickets.end());
        return {};
      }
      target = target_;
    }
    return target ? target(std::move(tickets)) : std::vector<refusal>{};
  }

  void hold() {
    std::lock_guard guard{mutex_};
    holding_ = true;
  }

  void set_broken(bool value) {
    std::lock_guard guard{mutex_};
    broken_ = value;
  }

  /// Delivers what is held. `settle` is called after each ticket, unless they go together.
  void release(const std::optional<std::vector<size_t>>& order, bool together, bool keep_holding,
               const std::function<void()>& settle) {
    auto tickets = take_held(order, keep_holding);
    if (together)
      return deliver(std::move(tickets));
    for (auto& ticket : tickets) {
      deliver({std::move(ticket)});
      settle();
    }
  }

  /// The tickets that the ends handed over and that were not refused.
  std::vector<Ticket> recorded() const {
    std::lock_guard guard{mutex_};
    return recorded_;
  }

private:
  std::vector<Ticket> take_held(const std::optional<std::vector<size_t>>& order, bool keep_holding) {
    std::lock_guard guard{mutex_};
    holding_ = keep_holding;
    auto held = std::exchange(held_, {});
    if (!order)
      return held;
    std::vector<Ticket> result;
    for (size_t place : *order) {
      if (place >= held.size())
        throw scenario_error{"place " + std::to_string(place) + " of " + std::to_string(held.size()) + " held tickets"};
      result.push_back(held[place]);
    }
    return result;
  }

  void deliver(std::vector<Ticket> tickets) {
    acceptor<Ticket> target;
    {
      std::lock_guard guard{mutex_};
      target = target_;
    }
    if (target && !tickets.empty())
      target(std::move(tickets));
  }

  mutable std::mutex mutex_;
  acceptor<Ticket> target_;
  bool holding_ = false;
  bool broken_ = false;
  std::vector<Ticket> held_;
  std::vector<Ticket> recorded_;
};

} // namespace tandem::conformance
