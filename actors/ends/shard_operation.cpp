#include "shard_operation.hpp"
#include "../../messages/caf/message.hpp"
#include "../../messages/check_duration.hpp"
#include "../../messages/json/text.hpp"
#include "../../messages/type_ids.hpp"
#include "shard.hpp"

#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <algorithm>

namespace tandem {

template <class Side>
shard_operation<Side>::shard_operation(caf::actor_config& config, std::shared_ptr<shard<Side>> owner,
                                       const operation_id& id, std::optional<tandem::trace_id> trace,
                                       std::string method, side_parts<Side> x)
  : operation_actor(config, id, trace, std::move(method)), owner_(std::move(owner)), parts(std::move(x)) {
  timer_.owner = this;
}

template <class Side>
shard_operation<Side>::~shard_operation() = default;

template <class Side>
const char* shard_operation<Side>::name() const {
  return Side::is_front ? "tandem.front-operation" : "tandem.back-operation";
}

template <class Side>
duration shard_operation<Side>::time_remaining() const {
  if (ended())
    return duration::zero();
  const time_point deadline{duration{deadline_.load(std::memory_order_relaxed)}};
  return std::max(deadline - owner_->end().now(), duration::zero());
}

template <class Side>
void shard_operation<Side>::give(core::payload_given event) {
  if (!ended()) // S-SEND-5
    owner_->submit(*this, std::move(event));
}

template <class Side>
void shard_operation<Side>::request(core::failure_requested event) {
  if (!ended())
    owner_->submit(*this, std::move(event));
}

template <class Side>
void shard_operation<Side>::request(core::cancel_requested event) {
  if constexpr (Side::is_front)
    if (!ended())
      owner_->submit(*this, std::move(event));
}

template <class Side>
void shard_operation<Side>::request(core::timeout_given event) {
  if constexpr (Side::is_front)
    if (!ended())
      owner_->submit(*this, event);
}

template <class Side>
void shard_operation<Side>::add_callback(termination_callback callback) {
  // A shard that has stopped has ended all its operations: the callback can be called here.
  auto added = owner_->post(
    [self = compat::light_ptr<shard_operation>{this}, callback] { self->owner_->add_callback(*self, callback); });
  if (!added)
    owner_->run_callback(nullptr, callback, ended().value_or(outcome::transmission_failure));
}

template <class Side>
void shard_operation<Side>::annotate(std::string text) {
  if (!ended())
    owner_->run_soon([self = compat::light_ptr<shard_operation>{this}, text = std::move(text)] {
      self->owner_->annotate(*self, text);
    });
}

template <class Side>
nlohmann::json shard_operation<Side>::describe() const {
  auto seconds = [](duration x) { return static_cast<double>(x.count()) / 1e9; };
  const auto& setup = machine_->setup();
  const auto far = *machine_->how_far();
  nlohmann::json result{
    {"operation_id", to_string(operation())},
    {"name", text_to_json(method())},
    {"subscription", to_string(setup.subscription)},
    {"state", machine_->state_name()},
    {"age", seconds(owner_->end().now() - setup.beginning)},
    {"time_left", seconds(time_remaining())},
    {"next_sent", far.next_sent.value},
    {"next_received", far.next_received.value},
    {"held", far.held},
    {"waiting", far.waiting},
    {"waits_for_link", waits_},
  };
  if (trace_id())
    result["trace_id"] = to_string(*trace_id());
  if (parent())
    result["parent"] = to_string(*parent());
  if (peer_)
    result["peer"] = text_to_json(*peer_);
  return result;
}

/// Its answer.
template <class Side>
caf::message shard_operation<Side>::receive_timeout(duration timeout) {
  try {
    check_duration("set_timeout: timeout", timeout);
  } catch (const std::invalid_argument& e) {
    return caf::make_message(caf::make_error(caf::sec::invalid_argument, std::string{e.what()}));
  }
  request(core::timeout_given{timeout});
  return caf::make_message();
}

/// The message API (messages/commands.hpp).
template <class Side>
void shard_operation<Side>::receive(compat::envelope what) {
  const auto& content = what.content;
  auto is = [&]<class T>(std::type_identity<T>) { return content.size() == 1 && content.match_element<T>(0); };
  caf::message answer = caf::make_message();
  if (is(std::type_identity<caf::exit_msg>{})) {
    const auto& reason = content.get_as<caf::exit_msg>(0).reason;
    // S-END-10.
    auto details = "its actor was told to exit: " + caf::to_string(reason);
    if constexpr (Side::is_front)
      request(core::cancel_requested{std::move(details)});
    else
      request(core::failure_requested{std::move(details)});
    return;
  }
  if (ended())
    answer = caf::make_message(caf::make_error(caf::sec::request_receiver_down));
  else if (is(std::type_identity<consume>{}))
    give({content.get_as<consume>(0).payload, false});
  else if (is(std::type_identity<terminate>{}))
    give({std::nullopt, true});
  else if (is(std::type_identity<consume_and_terminate>{}))
    give({content.get_as<consume_and_terminate>(0).payload, true});
  else if (is(std::type_identity<cancel>{}))
    request(core::cancel_requested{"a cancel message came"});
  else if (is(std::type_identity<fail>{}))
    request(core::failure_requested{content.get_as<fail>(0).details});
  else if (is(std::type_identity<set_timeout>{}))
    answer = receive_timeout(content.get_as<set_timeout>(0).timeout);
  else
    answer = caf::make_message(caf::make_error(caf::sec::unexpected_message));
  compat::respond(what, strong(), std::move(answer));
}

template class shard_operation<core::front_side>;
template class shard_operation<core::back_side>;

} // namespace tandem
