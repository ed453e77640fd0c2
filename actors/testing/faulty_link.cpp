#include "faulty_link.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace tandem {

namespace {

void check_probability(const char* name, double x) {
  if (!(x >= 0 && x <= 1))
    throw std::invalid_argument{std::string{"fault_options: "} + name + " must be between 0 and 1, got "
                                + std::to_string(x)};
}

} // namespace

faulty_link::faulty_link(const fault_options& options) : options_(options), random_(options.seed) {
  check_probability("drop", options.drop);
  check_probability("duplicate", options.duplicate);
  check_probability("delay", options.delay);
  check_probability("reorder", options.reorder);
  check_probability("fail", options.fail);
}

std::vector<refusal> faulty_link::accept(std::vector<front_to_back_ticket>&& tickets) {
  return spoil(std::move(tickets), waiting_for_back_, to_back_);
}

std::vector<refusal> faulty_link::accept(std::vector<back_to_front_ticket>&& tickets) {
  return spoil(std::move(tickets), waiting_for_front_, to_front_);
}

void faulty_link::release() {
  auto release_half = [this](auto& waiting, auto& to) {
    std::decay_t<decltype(waiting)> due;
    {
      std::lock_guard guard{mutex_};
      due.swap(waiting);
    }
    for (auto& x : due)
      to.pass({std::move(x.ticket)});
  };
  release_half(waiting_for_back_, to_back_);
  release_half(waiting_for_front_, to_front_);
}

bool faulty_link::chance(double probability) {
  return std::uniform_real_distribution<double>{}(random_) < probability;
}

template <class Peer>
std::vector<refusal> faulty_link::spoil(std::vector<typename Peer::ticket>&& tickets,
                                        std::vector<delayed<typename Peer::ticket>>& waiting,
                                        link_direction<Peer>& to) {
  std::vector<refusal> refused;
  std::vector<typename Peer::ticket> out;
  {
    std::lock_guard guard{mutex_};
    for (auto& ticket : tickets) {
      for (auto& x : waiting)
        x.after -= x.after > 0;
      const bool barred = std::any_of(refused.begin(), refused.end(),
                                      [&](const refusal& x) { return x.operation == ticket.operation; });
      if (barred)
        continue;
      if (chance(options_.fail)) {
        refused.push_back({ticket.operation, "the faulty link failed"});
        continue;
      }
      if (!chance(options_.drop)) {
        if (chance(options_.duplicate))
          out.push_back(ticket);
        if (chance(options_.delay))
          waiting.push_back({std::move(ticket), 1 + static_cast<unsigned>(random_() % 4)});
        else
          out.push_back(std::move(ticket));
        if (out.size() > 1 && chance(options_.reorder))
          std::swap(out[out.size() - 1], out[out.size() - 2]);
      }
      std::erase_if(waiting, [&](delayed<typename Peer::ticket>& x) {
        if (x.after > 0)
          return false;
        out.push_back(std::move(x.ticket));
        return true;
      });
    }
  }
  to.pass(std::move(out));
  return refused;
}

} // namespace tandem
