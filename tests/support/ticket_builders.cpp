#include "ticket_builders.hpp"

#include "../../actors/compat/system.hpp"

namespace tandem_test {

namespace {

using namespace tandem;

// CAF 1.x wants to know the types of a payload before the first one is made.
const bool types_are_known = [] {
  compat::init_types<>();
  return true;
}();

front_to_back_ticket first(ticket_kind kind, std::optional<std::string> content, subscription_kind subscription) {
  auto result = to_back(0, kind, std::move(content));
  result.name = "echo";
  result.subscription = subscription;
  return result;
}

template <class Ticket>
Ticket make(uint64_t number, ticket_kind kind, std::optional<std::string> content) {
  Ticket result;
  result.operation = the_operation;
  result.sequence_number = {number};
  result.kind = kind;
  if (content)
    result.payload = text(std::move(*content));
  return result;
}

template <class Ticket>
std::string written_common(const Ticket& ticket, std::string more) {
  auto result = std::to_string(ticket.sequence_number.value) + ' ' + to_string(ticket.kind);
  if (ticket.allowed)
    more += (more.empty() ? "allowed " : ", allowed ") + std::to_string(*ticket.allowed);
  if (ticket.payload)
    more = written(*ticket.payload) + (more.empty() ? "" : ", ") + more;
  return more.empty() ? result : result + '(' + more + ')';
}

} // namespace

payload text(std::string value) {
  return make_payload(std::move(value));
}

front_to_back_ticket commencement(std::optional<std::string> content, subscription_kind subscription) {
  return first(ticket_kind::commencement, std::move(content), subscription);
}

front_to_back_ticket entire(std::optional<std::string> content, subscription_kind subscription) {
  return first(ticket_kind::entire, std::move(content), subscription);
}

front_to_back_ticket to_back(uint64_t number, ticket_kind kind, std::optional<std::string> content) {
  return make<front_to_back_ticket>(number, kind, std::move(content));
}

back_to_front_ticket to_front(uint64_t number, ticket_kind kind, std::optional<std::string> content) {
  return make<back_to_front_ticket>(number, kind, std::move(content));
}

std::string written(const payload& content) {
  const auto* value = payload_as<std::string>(content);
  return value == nullptr ? "no string" : *value;
}

std::string written(const front_to_back_ticket& ticket) {
  std::string timeout;
  if (ticket.timeout) {
    using std::chrono::milliseconds;
    const auto rounded = std::chrono::duration_cast<milliseconds>(*ticket.timeout);
    timeout = "timeout " + std::to_string(rounded.count()) + " ms";
  }
  return written_common(ticket, timeout);
}

std::string written(const back_to_front_ticket& ticket) {
  return written_common(ticket, {});
}

} // namespace tandem_test
