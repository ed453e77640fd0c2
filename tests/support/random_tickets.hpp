/// Random payloads and tickets for property tests with rapidcheck. To be called inside of a property.
#pragma once

#include "../../messages/ticket.hpp"

#include <string>

namespace tandem_test {

/// Any bytes, often not UTF-8.
std::string random_bytes();

/// Any number, with those at the ends of the range much more often than by chance.
int64_t random_number();

/// Payloads of no, one or several values, of built-in types and those of test_types.hpp, some with payloads in them.
tandem::payload random_payload(int depth = 0);

/// Tickets that break the field rules are as likely as those that do not.
tandem::front_to_back_ticket random_front_to_back();
tandem::back_to_front_ticket random_back_to_front();

} // namespace tandem_test
