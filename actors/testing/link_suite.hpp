/// Checks that a link does what every link between a front and a back must do: one suite for all links, yours included.
/// It needs no test framework: it returns the faults that it found.
///
///     TEST_CASE("my link") {
///       const auto faults = run_link_suite([] {
///         auto link = std::make_shared<my_link>();
///         return link_under_test{link, link, [link](auto front) { link->join_fore_link(front); },
///                                [link](auto back) { link->join_rear_link(back); }};
///       });
///       CHECK(faults == std::vector<std::string>{});
///     }
#pragma once

#include "../links/link.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tandem {

/// A new link, not joined to anything yet. It may consist of several objects, on several nodes.
struct link_under_test {
  /// Takes the tickets that a front sends.
  std::shared_ptr<rear_peer> for_front;
  /// Takes the tickets that a back sends.
  std::shared_ptr<fore_peer> for_back;
  /// Makes the link deliver to this front. May be called again, with another.
  std::function<void(std::shared_ptr<fore_peer>)> join_front;
  /// Makes the link deliver to this back. May be called again, with another.
  std::function<void(std::shared_ptr<rear_peer>)> join_back;
};

struct link_suite_options {
  /// How long to wait for a ticket that must arrive.
  duration patience = std::chrono::seconds(10);
  /// False for a link whose far side cannot be joined later, or again.
  bool joins_late = true;
};

/// Runs the suite on links that `make` makes, one for each part of it. Returns a line for each rule that was broken; an
/// empty result means that the link is good. It checks that every kind and field arrives as it was sent (S-TICKET-1,
/// S-TICKET-2); that an operation's tickets keep their order, in both directions and with several threads sending; that
/// either side can be joined first, that tickets are held until then, and that a new join means a new peer (S-STATS-4);
/// and that a peer that throws jams nothing (S-STATS-5). Blocks the calling thread, which must not be an actor's.
/// Throws std::invalid_argument if `make` is empty.
std::vector<std::string> run_link_suite(const std::function<link_under_test()>& make, link_suite_options options = {});

} // namespace tandem
