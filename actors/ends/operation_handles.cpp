/// The functions of an operation's handles: each hands its call to the operation's actor.
#include "../moved_from.hpp"
#include "../operation.hpp"
#include "../operation_context.hpp"
#include "operation_actor.hpp"

#include <stdexcept>

namespace tandem {

namespace {

operation_actor& checked(const operation_ptr& x) {
  return held_by(x, "handle of an operation");
}

} // namespace

// -- operation_context -----------------------------------------------------------------------

std::optional<tandem::trace_id> operation_context::trace_id() const {
  return checked(operation_).trace_id();
}

const operation_id& operation_context::id() const {
  return checked(operation_).operation();
}

const std::string& operation_context::name() const {
  return checked(operation_).method();
}

subscription_kind operation_context::subscription() const {
  return checked(operation_).subscription();
}

void operation_context::annotate(std::string text) const {
  checked(operation_).annotate(std::move(text));
}

node_description operation_context::peer() const {
  return checked(operation_).peer();
}

std::optional<outcome> operation_context::ended() const {
  return checked(operation_).ended();
}

std::string operation_context::details() const {
  return checked(operation_).details();
}

duration operation_context::time_remaining() const {
  return checked(operation_).time_remaining();
}

void operation_context::add_termination_callback(termination_callback callback) const {
  if (!callback)
    throw std::invalid_argument{"add_termination_callback: callback must not be empty"};
  checked(operation_).add_callback(std::move(callback));
}

void operation_context::fail(std::string details) const {
  checked(operation_).submit(core::failure_requested{std::move(details)});
}

void operation_context::allow(uint64_t payloads) const {
  checked(operation_).submit(core::allowance_given{payloads});
}

void operation_context::set_window(uint32_t payloads) const {
  checked(operation_).submit(core::window_given{payloads});
}

payload_charge operation_context::take_charge() const {
  auto& from = checked(operation_);
  from.submit(core::payloads_kept{1});
  return {nullptr, [operation = operation_, receipt = from.keep_receipt(customer_scope::receipt_of(from)),
                    timed = customer_scope::keep_timed(from)](const void*) { operation->release_payload(timed); }};
}

caf::actor operation_context::handle() const {
  return compat::handle_of(checked(operation_));
}

// -- output_consumer ---------------------------------------------------------------------------

bool output_consumer::consume(payload content) const {
  auto& to = checked(operation_);
  to.send(std::move(content), false);
  return to.is_ready();
}

void output_consumer::terminate() const {
  checked(operation_).send(std::nullopt, true);
}

void output_consumer::consume_and_terminate(payload content) const {
  checked(operation_).send(std::move(content), true);
}

bool output_consumer::ready() const {
  return checked(operation_).is_ready();
}

void output_consumer::when_ready(std::function<void()> call) const {
  if (!call)
    throw std::invalid_argument{"when_ready: call must not be empty"};
  checked(operation_).when_ready(std::move(call));
}

bool output_consumer::wait_until_ready(duration timeout) const {
  return checked(operation_).wait_until_ready(timeout);
}

uint64_t output_consumer::waiting() const {
  return checked(operation_).waiting_for_credit();
}

// -- operation -----------------------------------------------------------------------------------

void operation::cancel(std::string details) const {
  checked(operation_).submit(core::cancel_requested{std::move(details)});
}

void operation::set_timeout(duration timeout) const {
  check_duration("set_timeout: timeout", timeout);
  checked(operation_).submit(core::timeout_given{timeout});
}

caf::actor operation::handle() const {
  return compat::handle_of(checked(operation_));
}

} // namespace tandem
