#include "../../actors/compat/network.hpp"
#include "../../actors/compat/network/basp_guard.hpp"
#include "../../messages/caf/bytes.hpp"
#include "../support/world.hpp"

#include <doctest/doctest.h>

using namespace tandem;
using namespace tandem_test;

namespace {

/// The objection of the guard to these bytes; empty: none.
std::string check(compat::basp_guard& guard, caf::actor_system& system, const std::string& bytes) {
  const char* result = guard.check(system, bytes);
  return result == nullptr ? "" : result;
}

std::string header(char kind, uint8_t length) {
  auto result = std::string(compat::basp_guard::header_size, '\0');
  result[0] = kind;
  result[7] = static_cast<char>(length);
  result[23] = 1; // it has a sender
  return result;
}

/// The objection of a guard to a message, from a node that has introduced itself; empty: none.
std::string check_message(caf::actor_system& system, const std::string& content) {
  compat::basp_guard guard;
  REQUIRE(check(guard, system, header(1, 4)).empty());
  REQUIRE(check(guard, system, "name").empty());
  REQUIRE(check(guard, system, header(2, static_cast<uint8_t>(content.size()))).empty());
  return check(guard, system, content);
}

} // namespace

TEST_CASE("a message cannot claim more bytes than it has") {
  node at;
  const std::string begin{"\0\0\0\x0c@<>+@charbuf", 16}; // as CAF 0.17 writes one std::vector<char>
  CHECK(check_message(at.system, begin + "\x02xy").empty());
  const auto lie = check_message(at.system, begin + "\xff\xff\xff\xff\x0f");
  CHECK(lie == (compat::answers_unreadable_messages ? "" : "it sent a message with a length that it cannot have"));
}

TEST_CASE("a payload cannot claim more bytes than it has") {
  node at;
  std::string bytes;
  REQUIRE(compat::append_bytes(at.system, make_payload(compat::byte_buffer(3)), bytes));
  payload content;
  CHECK(compat::from_bytes(at.system, bytes, content));
  REQUIRE(bytes.ends_with(std::string_view{"\x03\0\0\0", 4}));
  bytes.replace(bytes.size() - 4, 4, "\xff\xff\xff\xff\x0f");
  CHECK(!compat::from_bytes(at.system, bytes, content));
}
