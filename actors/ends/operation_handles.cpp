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

caf::actor operation_context::handle() const {
  return compat::handle_of(checked(operation_));
}

// -- output_consumer ---------------------------------------------------------------------------

void output_consumer::consume(payload content) const {
  checked(operation_).submit(core::payload_given{std::move(content), false});
}

void output_consumer::terminate() const {
  checked(operation_).submit(core::payload_given{std::nullopt, true});
}

void output_consumer::consume_and_terminate(payload content) const {
  checked(operation_).submit(core::payload_given{std::move(content), true});
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
