/// Tickets as the tests write them, and as they print them: `to_back(2, ticket_kind::continuation, "b")` is
/// "2 continuation(b)".
#pragma once

#include "../../messages/ticket.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace tandem_test {

/// The operation of all these tickets.
inline constexpr tandem::operation_id the_operation{0xf407, 1};

/// Payloads of tests are single strings.
tandem::payload text(std::string value);

/// Number 0, method "echo".
tandem::front_to_back_ticket commencement(std::optional<std::string> content = std::nullopt,
                                          tandem::subscription_kind subscription = tandem::subscription_kind::full);
tandem::front_to_back_ticket entire(std::optional<std::string> content = std::nullopt,
                                    tandem::subscription_kind subscription = tandem::subscription_kind::full);

/// Tickets without a name and a subscription.
tandem::front_to_back_ticket to_back(uint64_t number, tandem::ticket_kind kind,
                                     std::optional<std::string> content = std::nullopt);
tandem::back_to_front_ticket to_front(uint64_t number, tandem::ticket_kind kind,
                                      std::optional<std::string> content = std::nullopt);

/// The string in a payload, or what is wrong with it.
std::string written(const tandem::payload& content);

/// "0 commencement(a, timeout 500 ms)", "3 completion", "1 servicer failure". Details are left out: people read them.
std::string written(const tandem::front_to_back_ticket& ticket);
std::string written(const tandem::back_to_front_ticket& ticket);

/// The members, with commas between them.
template <class Range>
std::string written_all(const Range& range) {
  std::string result;
  for (const auto& x : range)
    result += (result.empty() ? "" : ", ") + written(x);
  return result;
}

} // namespace tandem_test
