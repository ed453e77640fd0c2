/// Stands between a real end and the customer code of a scenario.
#pragma once

#include "../../../actors/ends/end_context.hpp"
#include "../../../actors/operation.hpp"
#include "../../../actors/serviced_subscription.hpp"
#include "../../../actors/servicer.hpp"
#include "../../../actors/testing/settle.hpp"
#include "customer.hpp"

#include <caf/actor.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace tandem::conformance {

/// An operation of a real end. What steps and hooks do with it goes through the object API.
class end_handle : public handle {
public:
  operation_id id() const override {
    return context().id();
  }
  void fail() override {
    context().fail();
  }
  void add_callback(std::function<void(outcome)> callback) override {
    context().add_termination_callback(std::move(callback));
  }
  void allow(uint64_t payloads) override {
    context().allow(payloads);
  }
  bool is_ready() const override {
    return output().ready();
  }
  void when_ready(std::function<void()> call) override {
    output().when_ready(std::move(call));
  }
  bool is_active() const override {
    return context().is_active();
  }
  std::optional<outcome> ended() const override {
    return context().ended();
  }
  duration time_remaining() const override {
    return context().time_remaining();
  }
  std::optional<tandem::trace_id> trace_id() const override {
    return context().trace_id();
  }
  void give(std::optional<std::string> payload, bool last) override;

  /// To be monitored.
  caf::actor actor() const {
    return context().handle();
  }

protected:
  virtual operation_context context() const = 0;
  virtual output_consumer output() const = 0;
};

/// At the front, customer code may be called before operate() has returned the operation.
class front_handle final : public end_handle {
public:
  /// Called by the code that sees the operation first; later calls change nothing.
  void set(const operation& x) {
    std::lock_guard guard{mutex_};
    if (!operation_)
      operation_ = x;
  }
  void set(const operation_context& context);

  void cancel() override {
    get().cancel();
  }
  void set_timeout(duration timeout) override {
    get().set_timeout(timeout);
  }

protected:
  operation_context context() const override {
    return get().context();
  }
  output_consumer output() const override {
    return get().consumer();
  }

private:
  operation get() const {
    std::lock_guard guard{mutex_};
    return operation_.value();
  }

  mutable std::mutex mutex_;
  std::optional<operation> operation_;
};

/// Calls the scenario's customer code for one end. Shared by what the end holds.
class end_customer : public std::enable_shared_from_this<end_customer> {
public:
  end_customer(side at, std::shared_ptr<customer> code) : at_(at), code_(std::move(code)) {
  }

  /// The end whose customer code this is; to be told before anything happens there.
  void belongs_to(busy_end end) {
    end_ = std::move(end.end);
  }

  /// For the back end.
  std::shared_ptr<servicer> make_servicer();

  /// For one operation of the front end.
  std::shared_ptr<serviced_ingestor> make_ingestor(const std::shared_ptr<front_handle>& operation);

  /// One call of customer code: records it, blocks, does what the scenario says.
  void run(const handle_ptr& operation, call_kind kind, std::optional<std::string> text);

private:
  std::shared_ptr<consumer> make_consumer(const handle_ptr& operation);
  /// Blocks at a gate. Meanwhile the call does not count as work of the end: settle() does not wait for it.
  void wait_at(const std::string& gate);

  side at_;
  std::shared_ptr<customer> code_;
  std::shared_ptr<end_context> end_;
};

} // namespace tandem::conformance
