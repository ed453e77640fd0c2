/// Plays the operations of a trace to a back in real time, a bounded number of them at once.
#pragma once

#include "replay_answers.hpp"

#include "../../actors/replay/replay_report.hpp"
#include "../../messages/ticket.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace tandem::cli {

struct replay_pace {
  bool no_delays = false; ///< else a ticket waits as long after the operation's first one as was recorded
  duration patience{};    ///< how long to wait for a ticket that is recorded
  uint64_t at_once = 1;   ///< so many operations are under way at most; the next one waits until one is over
};

/// One thread.
class replay_player {
public:
  /// The next operation, in the order of beginnings; nothing at the end.
  using source = std::function<std::optional<recorded_operation>()>;

  /// Sends to `link`, whose answers come to `answers`, and puts what it finds into `report`.
  replay_player(rear_peer& link, std::shared_ptr<replay_answers> answers, const replay_pace& pace,
                replay_report& report);

  /// Returns when all operations are over, or were waited for long enough. Throws user_error if the connection is lost.
  void play(const source& next);

private:
  using clock = replay_answers::clock;

  struct playing {
    recorded_operation recorded;
    operation_id id; ///< now
    clock::time_point began;
    clock::time_point progress; ///< the last time that something came or went
    clock::time_point wakes;    ///< its time in timers_
    size_t next_step = 0;
    size_t answers_before = 0;          ///< how many of the back's answers are recorded before next_step
    size_t answers = 0;                 ///< how many have come; allowances are none
    size_t allowances = 0;              ///< that have come
    uint64_t next_number = 0;           ///< of the front's tickets
    uint64_t payloads = 0;              ///< that were sent
    uint64_t at_first = unlimited;      ///< how many may be before the back has allowed any
    uint64_t allowed_when_recorded = 0; ///< by the back's tickets that are recorded before next_step
    bool has_sent_all = false;
    bool has_aborted = false;
  };

  void begin(recorded_operation recorded);
  /// The time at which it goes on if nothing comes before; nothing if it is over.
  std::optional<clock::time_point> go_on(playing& x);
  void advance(operation_id id);
  static bool lacks_credit(const playing& x, const recorded_step& step, uint64_t allowed);
  void finish(playing& x);
  void send(playing& x, const recorded_step& step);

  rear_peer& link_;
  std::shared_ptr<replay_answers> answers_;
  const replay_pace pace_;
  replay_report& report_;
  const clock::time_point beginning_ = clock::now();
  const uint64_t front_; ///< the first half of all ids
  uint64_t begun_ = 0;
  std::map<operation_id, playing> under_way_;
  std::set<std::pair<clock::time_point, operation_id>> timers_;
};

} // namespace tandem::cli
