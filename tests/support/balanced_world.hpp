/// One front and many backs, with a balanced link between them.
#pragma once

#include "../../actors/links/balanced_link.hpp"
#include "../../actors/links/in_memory_link.hpp"
#include "../../actors/testing/manual_clock.hpp"
#include "world.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tandem_test {

/// A back behind a link of its own, through which it can be lost. Serves "echo" and "hold" as test_services() does, and
/// "who", which echoes with the back's name and a colon in front.
struct balanced_back {
  balanced_back(node& x, std::string name, std::shared_ptr<tandem::manual_clock> clock);

  std::string name;
  tandem::back_end back;
  std::shared_ptr<tandem::in_memory_link> link; ///< to a port of the back
  tandem::back_id id;
};

/// The backs are "b0", "b1", and so on.
struct balanced_world {
  explicit balanced_world(size_t backs, tandem::balanced_options options = {});

  balanced_back& add();

  /// Adds the back that was removed, through a new link: a link that has lost its front is of no more use.
  void add_again(balanced_back& x) const;

  void settle_all() const;

  /// The link's status of the back; nothing for one that was removed.
  tandem::back_status status(size_t i) const;

  /// By back, in the order in which they were added.
  std::vector<size_t> in_flight() const;

  size_t all_in_flight() const;

  /// How many operations ended with this outcome at the back.
  uint64_t ended(size_t i, tandem::outcome value) const;

  /// An operation that runs until the test ends it, a minute at most; its commencement has arrived.
  tandem::operation hold(bool wait_for_link = false) const;

  /// A whole call of "who": the back's name, or what else became of it.
  std::string who(const std::string& what = "x") const;

  node x;
  std::shared_ptr<tandem::manual_clock> clock = std::make_shared<tandem::manual_clock>();
  std::shared_ptr<tandem::balanced_link> link;
  tandem::front_end front;
  std::vector<std::unique_ptr<balanced_back>> members;
};

} // namespace tandem_test
