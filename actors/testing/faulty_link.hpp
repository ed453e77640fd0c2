/// A link that loses, repeats, delays, swaps and refuses tickets, for tests, of your own services too. Its mishaps
/// follow from its seed and from the order of the tickets that it is given.
///
///     auto faulty = std::make_shared<faulty_link>(fault_options{.seed = 1, .drop = 0.1, .reorder = 0.2});
///     join(front, faulty, back);
///     faulty->release();   // delivers the delayed tickets
#pragma once

#include "../links/relay_link.hpp"

#include <cstdint>
#include <mutex>
#include <random>
#include <vector>

namespace tandem {

/// How likely each mishap is, from 0 (never) to 1 (always), for each ticket.
struct fault_options {
  uint64_t seed = 0;
  double drop = 0;      ///< the ticket is lost
  double duplicate = 0; ///< it is delivered twice
  double delay = 0;     ///< it waits until a few later ones have passed, or until release() is called
  double reorder = 0;   ///< it changes places with the one behind it
  double fail = 0;      ///< the link throws: the sender is told (S-SEND-7)
};

/// Any thread.
class faulty_link final : public relay_link {
public:
  /// Throws std::invalid_argument naming the option that is not between 0 and 1.
  explicit faulty_link(const fault_options& options);

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& tickets) override;
  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override;

  /// Delivers the tickets that are delayed.
  void release();

private:
  template <class Ticket>
  struct delayed {
    Ticket ticket;
    unsigned after; ///< so many later ones
  };

  template <class Peer>
  std::vector<refusal> spoil(std::vector<typename Peer::ticket>&& tickets,
                             std::vector<delayed<typename Peer::ticket>>& waiting, link_direction<Peer>& to);
  bool chance(double probability);

  fault_options options_;
  std::mutex mutex_;
  std::mt19937_64 random_;
  std::vector<delayed<front_to_back_ticket>> waiting_for_back_;
  std::vector<delayed<back_to_front_ticket>> waiting_for_front_;
};

} // namespace tandem
