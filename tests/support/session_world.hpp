/// Two sides of a session (actors/core/session.hpp) and a network between them, in virtual time: connections that take
/// time, break with what is under way, and whose ends hear of that late or never.
#pragma once

#include "../../actors/core/session.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tandem_test {

using text_session = tandem::core::session<std::string>;

/// "ping 1", "pong 1, has 3", "frame 2 (b), has 0", "acknowledgement of 3", "notice draining", "goodbye".
std::string written(const tandem::core::session_message<std::string>& x);

/// "take", "close: WHY", "interrupted: WHY", "resumed", "room", "notice draining", "ended: WHY", "ended in order: WHY".
std::string written(const tandem::core::session_effect& x);

/// With "; " between them.
std::string written(const tandem::core::session_effects& x);

/// One side, as the code around it uses it: it writes what can be written, and hands frames on.
struct session_side {
  explicit session_side(const tandem::core::session_limits& limits) : machine(limits) {
  }

  text_session machine;
  std::vector<std::string> taken; ///< frames that came, in order
  std::vector<std::string> given;
  std::optional<std::string> ended; ///< why
  std::optional<uint64_t> connection;
  int resumes = 0;
};

class session_world {
public:
  using message = tandem::core::session_message<std::string>;

  explicit session_world(const tandem::core::session_limits& limits = {})
    : sides{session_side{limits}, session_side{limits}} {
  }

  /// A connection between the sides; one that was there breaks, and neither side hears of it but by this.
  void connect();
  /// Whatever is under way is lost. A side that `hears` is told.
  void cut(bool near_hears, bool far_hears);
  void give(size_t side, const std::string& content);

  /// Runs until `until`: messages arrive after `delay`, deadlines are kept.
  void run(tandem::duration until);

  template <class Event>
  void tell(size_t side, const Event& e) {
    tandem::core::session_effects out;
    sides[side].machine.handle(e, now, out);
    carry_out(side, out, nullptr);
    write(side);
  }

  std::vector<session_side> sides;
  tandem::time_point now{};
  tandem::duration delay = std::chrono::milliseconds(10);
  tandem::duration setup_time = std::chrono::milliseconds(20);
  std::vector<std::string> log; ///< "0 writes: ping 1"

private:
  struct under_way {
    tandem::time_point arrives;
    size_t to;
    uint64_t connection;
    message content;
  };

  void carry_out(size_t side, const tandem::core::session_effects& effects, const std::string* frame);
  void write(size_t side);
  void arrive(const under_way& x);

  uint64_t connections_ = 0;
  std::deque<under_way> wire_;
};

} // namespace tandem_test
