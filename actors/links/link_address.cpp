#include "link_address.hpp"
#include "../../messages/outcome_error.hpp"
#include "../../messages/type_ids.hpp"

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

namespace tandem {

link_address::~link_address() {
  lost("the link is gone");
}

void link_address::lost(const std::string& details) {
  compat::light_ptr<callback_actor> actor;
  {
    std::lock_guard guard{mutex_};
    actor = actor_;
  }
  if (actor)
    actor->end(to_error(outcome::transmission_failure, details));
}

caf::actor link_address::get_or_make(caf::actor_system& system, taker take) {
  std::lock_guard guard{mutex_};
  if (!actor_)
    actor_ = compat::make_light_actor<callback_actor>(
      system, "tandem.link", [take = std::move(take)](compat::envelope what) {
        caf::message answer;
        try {
          answer = take(what.content);
        } catch (...) {
          answer = caf::make_message(to_error(outcome::transmission_failure, current_reason("the link")));
        }
        compat::respond(what, nullptr, std::move(answer));
      });
  return compat::handle_of(*actor_);
}

caf::message link_address::gone() {
  return caf::make_message(caf::make_error(caf::sec::request_receiver_down, "the link is gone"));
}

caf::message link_address::not_tickets() {
  return caf::make_message(caf::make_error(caf::sec::unexpected_message, "a link takes tickets of its directions"));
}

caf::message link_address::answer_for(const std::vector<refusal>& refused) {
  if (refused.empty())
    return caf::make_message();
  return caf::make_message(to_error(outcome::transmission_failure, refused.front().reason));
}

} // namespace tandem
