/// The messages by which a recording is switched on and off (messages/commands.hpp). Internal to the ends.
#pragma once

#include "../../messages/caf/message.hpp"
#include "trace_recorder.hpp"

#include <caf/actor_system.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace tandem {

bool is_recording_message(const caf::message& content);

/// Does what these messages say, in the order in which they come, in a thread of its own while there are any: it opens
/// files and waits for them, and the sender of a message must not wait.
class recording_desk : public std::enable_shared_from_this<recording_desk> {
public:
  recording_desk(caf::actor_system& system, std::shared_ptr<trace_recorder> recorder);

  /// `respond` is called with the answer, by another thread. Any thread.
  void take(caf::message content, std::function<void(caf::message)> respond);

private:
  struct request {
    caf::message content;
    std::function<void(caf::message)> respond;
  };

  void work();
  caf::message answer(const caf::message& content) const;

  caf::actor_system& system_;
  std::shared_ptr<trace_recorder> recorder_;
  std::mutex mutex_; // guards the members below
  std::deque<request> waiting_;
  bool works_ = false;
};

} // namespace tandem
