#include "light_actor.hpp"
#include "../../messages/caf/bytes.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/system_messages.hpp>
#if TANDEM_CAF_17
#  include <caf/no_stages.hpp>
#endif

namespace tandem::compat {

namespace {

caf::mailbox_element_ptr make_element(caf::strong_actor_ptr sender, caf::message_id id, caf::message content) {
#if TANDEM_CAF_17
  return caf::make_mailbox_element(std::move(sender), id, caf::no_stages, std::move(content));
#else
  return caf::make_mailbox_element(std::move(sender), id, std::move(content));
#endif
}

} // namespace

void respond(const envelope& request, caf::strong_actor_ptr self, caf::message answer) {
  if (request.sender == nullptr || !request.id.is_request())
    return;
  request.sender->get()->enqueue(make_element(std::move(self), request.id.response_id(), std::move(answer)), nullptr);
}

void deliver(const caf::strong_actor_ptr& receiver, caf::strong_actor_ptr sender, caf::message content) {
  if (receiver == nullptr)
    return;
  receiver->get()->enqueue(make_element(std::move(sender), caf::make_message_id(), std::move(content)), nullptr);
}

light_actor::enqueue_result light_actor::enqueue(caf::mailbox_element_ptr element, [[maybe_unused]] host_type* host) {
  envelope what {
    element->sender, element->mid,
#if TANDEM_CAF_17
      element->move_content_to_message()
  };
#else
      std::move(element->payload)
  };
#endif
#if TANDEM_CAF_17
  const proxies_known known{host != nullptr ? host->proxy_registry_ptr() : nullptr};
  // sys_atom messages only ask for debugging information that a light actor does not have.
  receive(std::move(what));
#else
  receive(std::move(what));
  return !getf(is_terminated_flag);
#endif
}

void light_actor::end(caf::error reason) {
  cleanup(std::move(reason), nullptr);
}

#if TANDEM_CAF_17

void light_actor::on_destroy() {
  if (!getf(is_cleaned_up_flag)) {
    unreachable();
    cleanup(caf::exit_reason::unreachable, nullptr);
  }
}

#else

void light_actor::on_unreachable() {
  unreachable();
  super::on_unreachable();
}

#endif

} // namespace tandem::compat
