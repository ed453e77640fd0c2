#include "../support/random_tickets.hpp"
#include "../support/test_types.hpp"

#include "../../messages/json/ticket_json.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace tandem;
using namespace tandem_test;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

front_to_back_ticket full_ticket() {
  front_to_back_ticket result;
  result.operation = {1, 2};
  result.kind = ticket_kind::entire;
  result.name = "echo";
  result.subscription = subscription_kind::termination_only;
  result.trace_id = parse_trace_id("00112233-4455-6677-8899-aabbccddeeff");
  result.payload = make_payload(point{1, 2});
  result.timeout = 2500ms;
  return result;
}

json good() {
  return json::parse(R"({"operation_id": "00000000000000010000000000000002", "sequence_number": 3,
                         "kind": "continuation"})");
}

/// The error for a ticket whose field `name` has been replaced.
std::string error_for(const char* name, const json& value) {
  auto in = good();
  in[name] = value;
  std::string error;
  CHECK_FALSE(front_to_back_from_json(in, error));
  return error;
}

std::string error_without(const char* name) {
  auto in = good();
  in.erase(name);
  std::string error;
  CHECK_FALSE(back_to_front_from_json(in, error));
  return error;
}

duration reread(duration timeout) {
  std::string error;
  auto result = timeout_from_json(json::parse(to_line(timeout_to_json(timeout))), error);
  REQUIRE_MESSAGE(result, error);
  return *result;
}

} // namespace

TEST_CASE("ticket json: all fields of a ticket to the back") {
  const auto ticket = full_ticket();
  const auto shown = ticket_to_json(ticket);
  CHECK(shown == json::parse(R"({
    "operation_id": "00000000000000010000000000000002", "sequence_number": 0, "kind": "entire", "name": "echo",
    "subscription": "termination only", "trace_id": "00112233-4455-6677-8899-aabbccddeeff",
    "payload": {"type": "tandem_test::point", "value": {"x": 1, "y": 2}}, "timeout": 2.5})"));
  std::string error;
  const auto copy = front_to_back_from_json(shown, error);
  REQUIRE(copy);
  CHECK(equal(*copy, ticket));
}

TEST_CASE("ticket json: fields that a ticket does not have are absent") {
  back_to_front_ticket ticket;
  ticket.kind = ticket_kind::servicer_failure;
  ticket.details = "no such method: foo";
  CHECK(ticket_to_json(ticket) == json::parse(R"({
    "operation_id": "00000000000000000000000000000000", "sequence_number": 0, "kind": "servicer failure",
    "details": "no such method: foo"})"));
  ticket.details.clear();
  CHECK(ticket_to_json(ticket).size() == 3);
  CHECK(ticket_to_json(front_to_back_ticket{}).size() == 3);
}

TEST_CASE("ticket json: unknown fields are skipped, null is absent") {
  auto in = good();
  in["mood"] = "sunny";
  in["payload"] = nullptr;
  in["name"] = nullptr;
  std::string error;
  const auto ticket = front_to_back_from_json(in, error);
  REQUIRE(ticket);
  CHECK_FALSE(ticket->payload);
  CHECK_FALSE(ticket->name);
  CHECK(ticket->sequence_number.value == 3);
}

TEST_CASE("ticket json: malformed tickets can be represented") {
  auto in = good();
  in["sequence_number"] = -1;
  in["kind"] = 200;
  in["subscription"] = 0;
  in["timeout"] = -1.5;
  std::string error;
  const auto ticket = front_to_back_from_json(in, error);
  REQUIRE(ticket);
  CHECK(ticket->sequence_number.value == UINT64_MAX);
  CHECK_FALSE(ticket->sequence_number.valid());
  CHECK(ticket->kind == static_cast<ticket_kind>(200));
  CHECK(ticket->subscription == subscription_kind{});
  CHECK(ticket->timeout == -1500ms);
  CHECK(ticket_to_json(*ticket)["sequence_number"] == UINT64_MAX);
  CHECK(ticket_to_json(*ticket)["kind"] == 200);
  CHECK(equal(*front_to_back_from_json(ticket_to_json(*ticket), error), *ticket));
}

TEST_CASE("ticket json: errors name the field and what would be right") {
  CHECK(error_for("sequence_number", "x") == "sequence_number: expected an integer of at least 0, got \"x\"");
  CHECK(error_for("sequence_number", 1.5) == "sequence_number: expected an integer of at least 0, got 1.5");
  CHECK(error_for("operation_id", "12") == "operation_id: expected 32 hexadecimal digits, got \"12\"");
  CHECK(error_for("operation_id", 12) == "operation_id: expected 32 hexadecimal digits, got 12");
  CHECK(error_for("kind", "start").starts_with("kind: expected a kind (commencement, continuation,"));
  CHECK(error_for("kind", 256).starts_with("kind: expected"));
  CHECK(error_for("subscription", "all") == "subscription: expected full, termination only or none, got \"all\"");
  CHECK(error_for("trace_id", "1-2").starts_with("trace_id: expected a UUID"));
  CHECK(error_for("name", 5) == "name: expected a string, or {\"base64\": ...}, got 5");
  CHECK(error_for("details", json::array()).starts_with("details: expected a string"));
  CHECK(error_for("payload", 5).starts_with("payload: expected a payload"));
  CHECK(error_for("payload", json{{"type", "int8"}, {"value", "x"}})
        == "payload.value: expected an integer from -128 to 127, got \"x\"");
  CHECK(error_for("timeout", "soon").starts_with("timeout: expected seconds"));
  CHECK(error_without("kind") == "missing field \"kind\"");
  CHECK(error_without("operation_id") == "missing field \"operation_id\"");
  std::string error;
  CHECK_FALSE(back_to_front_from_json("hello", error));
  CHECK(error == "expected a ticket, which is an object, got \"hello\"");
}

TEST_CASE("ticket json: long values are cut short in errors, between characters") {
  std::string text;
  for (int i = 0; i < 50; ++i)
    text += "ö";
  const auto error = error_for("kind", text);
  CHECK(error.ends_with("..."));
  CHECK(is_utf8(error));
}

TEST_CASE("ticket json: timeouts are exact to the nanosecond") {
  CHECK(timeout_to_json(3s) == 3);
  CHECK(timeout_to_json(3s).is_number_integer());
  CHECK(timeout_to_json(0s) == 0);
  CHECK(timeout_to_json(100ms) == 0.1);
  CHECK(timeout_to_json(123456789ns) == 0.123456789);
  CHECK(timeout_to_json(duration::max()) == "9223372036.854775807");
  CHECK(timeout_to_json(duration::min()) == "-9223372036.854775808");
  CHECK(timeout_to_json(-(1s + 1ns)) == -1.000000001);
  for (auto timeout : {duration::max(), duration::min(), duration{-1}, duration{1}, longest_timeout, duration{-1500ms}})
    CHECK(reread(timeout) == timeout);
}

TEST_CASE("ticket json: timeouts in the ways in which people write them") {
  std::string error;
  CHECK(timeout_from_json(1.5, error) == 1500ms);
  CHECK(timeout_from_json("1.5", error) == 1500ms);
  CHECK(timeout_from_json("10", error) == 10s);
  CHECK(timeout_from_json("-0.000000001", error) == -1ns);
  for (const json& wrong : {json("1."), json(".5"), json(""), json("-"), json("1.0000000001"), json("1e3"), json("+1"),
                            json("9223372036.854775808"), json("1 "), json(1e10), json(-1e300), json(10'000'000'000),
                            json(UINT64_MAX), json(true), json("nan"), json("0x1")}) {
    CAPTURE(to_line(wrong));
    CHECK_FALSE(timeout_from_json(wrong, error));
  }
  CHECK(error.starts_with("expected seconds"));
}

TEST_CASE("ticket json: outcomes") {
  std::string error;
  for (auto value : all_outcomes)
    CHECK(outcome_from_json(outcome_to_json(value), error) == value);
  CHECK(outcome_to_json(outcome::servicer_failure) == "servicer failure");
  CHECK_FALSE(outcome_from_json("done", error));
  CHECK(error.starts_with("expected an outcome (completed, cancelled,"));
  CHECK_FALSE(outcome_from_json(3, error));
}

TEST_CASE("ticket json: equal looks at every field") {
  const auto ticket = full_ticket();
  auto differs = [&ticket](auto change) {
    auto other = ticket;
    change(other);
    return !equal(ticket, other);
  };
  CHECK_FALSE(differs([](auto&) {}));
  CHECK(differs([](auto& x) { x.operation.low = 9; }));
  CHECK(differs([](auto& x) { x.sequence_number.value = 9; }));
  CHECK(differs([](auto& x) { x.kind = ticket_kind::commencement; }));
  CHECK(differs([](auto& x) { x.name = "other"; }));
  CHECK(differs([](auto& x) { x.subscription.reset(); }));
  CHECK(differs([](auto& x) { x.trace_id.reset(); }));
  CHECK(differs([](auto& x) { x.payload = make_payload(point{1, 3}); }));
  CHECK(differs([](auto& x) { x.payload.reset(); }));
  CHECK(differs([](auto& x) { x.timeout = 1s; }));
  CHECK(differs([](auto& x) { x.details = "why"; }));
}

TEST_CASE("ticket json: payloads of unknown types can be kept as opaque ones") {
  auto in = good();
  in["payload"] = json{{"type", "a::b"}, {"value", 1}};
  std::string error;
  CHECK_FALSE(back_to_front_from_json(in, error));
  CHECK(error == "payload.value: the type \"a::b\" is not registered for JSON here");
  const auto ticket = back_to_front_from_json(in, error, unknown_types::opaque);
  REQUIRE(ticket);
  CHECK(payload_as<opaque_payload>(*ticket->payload)->type == "a::b");
}

TEST_CASE("ticket json: property: tickets read back as they were, also through text") {
  CHECK(rc::check("front to back", [] {
    const auto ticket = random_front_to_back();
    std::string error;
    const auto copy = front_to_back_from_json(json::parse(to_line(ticket_to_json(ticket))), error);
    RC_LOG() << error;
    RC_ASSERT(copy.has_value());
    RC_ASSERT(equal(*copy, ticket));
  }));
  CHECK(rc::check("back to front", [] {
    const auto ticket = random_back_to_front();
    std::string error;
    const auto copy = back_to_front_from_json(json::parse(to_line(ticket_to_json(ticket))), error);
    RC_LOG() << error;
    RC_ASSERT(copy.has_value());
    RC_ASSERT(equal(*copy, ticket));
  }));
}

TEST_CASE("ticket json: property: timeouts") {
  CHECK(rc::check("timeout", [](int64_t count) { RC_ASSERT(reread(duration{count}) == duration{count}); }));
  CHECK(rc::check("timeout at the ends", [] {
    const duration timeout{random_number()};
    RC_ASSERT(reread(timeout) == timeout);
  }));
}
