/// Requests to the actor of a link, and its answers.
#pragma once

#include "../../actors/compat/system.hpp"
#include "../../messages/outcome_error.hpp"
#include "../../messages/type_ids.hpp"

#include <caf/actor.hpp>
#include <caf/scoped_actor.hpp>

#include <string>
#include <utility>

namespace tandem_test {

/// Requests it; the error that came, no error if the answer was the unit.
template <class Content>
caf::error request_of_link(caf::scoped_actor& self, const caf::actor& link, Content content) {
  caf::error result;
  tandem::compat::request(self, link, std::move(content)).receive([] {}, [&](const caf::error& e) { result = e; });
  return result;
}

/// The outcome and details in the down message of an actor that is monitored.
inline std::pair<tandem::outcome, std::string> down_of_link(caf::scoped_actor& self, const caf::actor& link) {
  std::pair<tandem::outcome, std::string> result{};
  self->receive([&](const caf::down_msg& x) {
    if (x.source == link.address())
      result = {tandem::outcome_of(x.reason), tandem::details_of(x.reason)};
  });
  return result;
}

} // namespace tandem_test
