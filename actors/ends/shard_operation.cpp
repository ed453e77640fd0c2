#include "shard_operation.hpp"
#include "../../messages/caf/message.hpp"
#include "../../messages/json/text.hpp"
#include "../../messages/time.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/callback_actor.hpp"
#include "../execution/trampoline.hpp"
#include "end_context.hpp"
#include "message_api.hpp"

#include <caf/sec.hpp>
#include <caf/system_messages.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace tandem {

namespace {

/// The answer to an await_ready; an error if it is never given.
class ready_answer {
public:
  ready_answer(compat::envelope request, caf::strong_actor_ptr self)
    : request_(std::move(request)), self_(std::move(self)) {
  }

  ready_answer(const ready_answer&) = delete;
  ready_answer& operator=(const ready_answer&) = delete;

  ~ready_answer() {
    if (!given_)
      compat::respond(request_, self_, caf::make_message(caf::make_error(caf::sec::request_receiver_down)));
  }

  void give() {
    given_ = true;
    if (request_.id.is_request())
      compat::respond(request_, self_, caf::make_message(ready{}));
    else if (request_.sender)
      compat::deliver(request_.sender, self_, caf::make_message(ready{}));
  }

private:
  compat::envelope request_;
  caf::strong_actor_ptr self_;
  bool given_ = false;
};

} // namespace

template <class Side>
shard_operation<Side>::shard_operation(caf::actor_config& config, std::shared_ptr<operation_owner<Side>> owner,
                                       const operation_id& id, std::optional<tandem::trace_id> trace,
                                       std::string method, side_parts<Side> x)
  : operation_actor(config, id, trace, std::move(method)), parts(std::move(x)), owner_(std::move(owner)) {
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
void shard_operation<Side>::submit(core::customer_event&& event) {
  if (!ended()) // S-SEND-5
    owner_->submit(*this, std::move(event));
}

template <class Side>
void shard_operation<Side>::give(core::payload_given&& x) {
  if (!ended()) // S-SEND-5
    owner_->give(*this, std::move(x));
}

template <class Side>
bool shard_operation<Side>::is_ready() const {
  return has_credit() && !has_too_many_bytes() && !owner_->end().congested().is_congested(lane_number);
}

template <class Side>
void shard_operation<Side>::large_bytes_gone() {
  owner_->end().congested().wake();
  owner_->bytes_gone(compat::light_ptr<shard_operation>{this});
}

template <class Side>
void shard_operation<Side>::bytes_sent(uint64_t bytes) noexcept {
  owner_->end().sent().add(bytes);
}

template <class Side>
void shard_operation<Side>::bytes_arrived(uint64_t bytes) {
  owner_->end().sent().remove(bytes);
}

template <class Side>
void shard_operation<Side>::when_ready(std::function<void()> call) {
  if (may_ever_send())
    owner_->ask_ready(compat::light_ptr<shard_operation>{this}, std::move(call));
}

template <class Side>
bool shard_operation<Side>::wait_until_ready(duration timeout) {
  check_duration("wait_until_ready: timeout", timeout);
  if (trampoline::runs_shards())
    throw std::logic_error{"wait_until_ready: a thread of the actor system's scheduler must not wait; use when_ready"};
  auto& congested = owner_->end().congested();
  congested.wait_for(timeout, [&] {
    wait_for_bytes();
    return !may_ever_send() || (has_credit() && !has_too_many_bytes() && !congested.contains(lane_number));
  });
  return is_ready();
}

template <class Side>
uint64_t shard_operation<Side>::publish_release_due() noexcept {
  release_due_.store(static_cast<uint32_t>(std::min<uint64_t>(machine->until_release(), UINT32_MAX)));
  return released_.load() >= release_due_.load() ? released_.exchange(0) : 0;
}

template <class Side>
std::shared_ptr<const void> shard_operation<Side>::keep_receipt(std::shared_ptr<const void> receipt) {
  if (receipt == nullptr)
    return nullptr;
  auto& all = owner_->end().receipts();
  auto result = all.keep(operation(), std::move(receipt));
  if (ended()) // meanwhile
    all.forget(operation());
  return result;
}

template <class Side>
void shard_operation<Side>::add_callback(termination_callback callback) {
  owner_->add_callback(compat::light_ptr<shard_operation>{this}, std::move(callback));
}

template <class Side>
void shard_operation<Side>::annotate(std::string text) {
  if (!ended())
    owner_->annotate(compat::light_ptr<shard_operation>{this}, std::move(text));
}

template <class Side>
void shard_operation<Side>::payload_consumed(const timed_payload& x) {
  if (!ended())
    owner_->payload_consumed(compat::light_ptr<shard_operation>{this}, x);
}

template <class Side>
nlohmann::json shard_operation<Side>::describe() const {
  auto seconds = [](duration x) { return static_cast<double>(x.count()) / 1e9; };
  const auto far = *machine->how_far();
  nlohmann::json result{
    {"operation_id", to_string(operation())},
    {"name", text_to_json(method())},
    {"subscription", to_string(subscription())},
    {"state", machine->state_name()},
    {"age", seconds(owner_->end().now() - machine->begun())},
    {"time_left", seconds(time_remaining())},
    {"next_sent", far.next_sent.value},
    {"next_received", far.next_received.value},
    {"held", far.held},
    {"waiting", far.waiting},
    {"unsent", far.unsent},
    {"unconsumed", far.unconsumed},
    {"waits_for_link", place_.waits},
  };
  if (far.unsent > 0)
    result["unsent_for"] = seconds(owner_->end().now() - far.unsent_since);
  if (far.credit != unlimited)
    result["credit"] = far.credit;
  if (far.allowed != unlimited)
    result["allowed"] = far.allowed;
  if (trace_id())
    result["trace_id"] = to_string(*trace_id());
  if (parent())
    result["parent"] = to_string(*parent());
  if (peer_)
    result["peer"] = text_to_json(to_string(*peer_));
  return result;
}

/// The message API (messages/commands.hpp).
template <class Side>
void shard_operation<Side>::receive(compat::envelope what) {
  if (is_message<caf::exit_msg>(what.content)) {
    // S-END-10.
    auto details = "its actor was told to exit: " + caf::to_string(what.content.get_as<caf::exit_msg>(0).reason);
    if constexpr (Side::is_front)
      submit(core::cancel_requested{std::move(details)});
    else
      submit(core::failure_requested{std::move(details)});
    return;
  }
  if (is_message<await_ready>(what.content) && may_ever_send()) {
    auto answer = std::make_shared<ready_answer>(std::move(what), strong());
    return when_ready([answer] { answer->give(); });
  }
  compat::respond(what, strong(), answer_to(what.content));
}

template <class Side>
caf::message shard_operation<Side>::answer_to(const caf::message& content) {
  if (ended())
    return caf::make_message(caf::make_error(caf::sec::request_receiver_down));
  auto wish = wish_in(content);
  if (!wish)
    return caf::make_message(caf::make_error(caf::sec::unexpected_message));
  try {
    if (const auto* x = std::get_if<core::timeout_given>(&*wish))
      check_duration("set_timeout: timeout", x->timeout);
  } catch (const std::invalid_argument& e) {
    return caf::make_message(caf::make_error(caf::sec::invalid_argument, std::string{e.what()}));
  }
  if (auto* given = std::get_if<core::payload_given>(&*wish))
    send(std::move(given->content), given->last);
  else
    submit(std::move(*wish));
  return caf::make_message();
}

template class shard_operation<core::front_side>;
template class shard_operation<core::back_side>;

} // namespace tandem
