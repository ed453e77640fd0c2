/// One side of one operation, as customer code and the steps of a scenario act on it; each way of running scenarios has
/// its own.
#pragma once

#include "../../../messages/ticket.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace tandem::conformance {

class handle {
public:
  virtual ~handle() = default;

  virtual operation_id id() const = 0;

  /// Sends on this side's output consumer: consume, terminate or consume_and_terminate.
  virtual void give(std::optional<std::string> payload, bool last) = 0;
  virtual void fail() = 0;
  /// At the front only.
  virtual void cancel() = 0;
  virtual void set_timeout(duration timeout) = 0;

  virtual void add_callback(std::function<void(outcome)> callback) = 0;

  /// Lets the other side send so many payloads more.
  virtual void allow(uint64_t payloads) = 0;
  virtual bool is_ready() const = 0;
  /// `call` is made once, when is_ready() is true.
  virtual void when_ready(std::function<void()> call) = 0;

  virtual bool is_active() const = 0;
  /// Nothing while it is active.
  virtual std::optional<outcome> ended() const = 0;
  virtual duration time_remaining() const = 0;
  virtual std::optional<tandem::trace_id> trace_id() const = 0;
};

using handle_ptr = std::shared_ptr<handle>;

} // namespace tandem::conformance
