#include "steps.hpp"

#include <functional>
#include <map>

namespace tandem::conformance {

namespace {

side read_side(object_reader& in) {
  return in.parsed("side", parse_side);
}

direction read_direction(object_reader& in) {
  return in.parsed("direction", parse_direction);
}

std::optional<payload> read_payload(object_reader& in) {
  auto text = in.optional_text("payload");
  return text ? std::optional{make_payload(std::move(*text))} : std::nullopt;
}

template <class T>
T read_enum(object_reader& in, const std::string& key, std::initializer_list<std::pair<const char*, T>> words) {
  return in.parsed(key, [&](const std::string& text) -> std::optional<T> {
    for (const auto& [word, value] : words)
      if (text == word)
        return value;
    return std::nullopt;
  });
}

// -- tickets ------------------------------------------------------------------------------

/// The fields that both directions have. A negative number becomes one above the maximum, as it would on the wire.
template <class Ticket>
void read_common(object_reader& in, Ticket& ticket) {
  ticket.sequence_number.value = static_cast<uint64_t>(in.integer("sequence_number"));
  ticket.kind = in.parsed("kind", parse_ticket_kind);
  ticket.payload = read_payload(in);
  if (in.has("allowed"))
    ticket.allowed = static_cast<uint64_t>(in.integer("allowed"));
}

front_to_back_ticket read_front_to_back(object_reader& in) {
  front_to_back_ticket ticket;
  read_common(in, ticket);
  ticket.name = in.optional_text("name");
  if (in.has("subscription"))
    ticket.subscription = in.parsed("subscription", parse_subscription_kind);
  if (in.has("trace_id"))
    ticket.trace_id = in.parsed("trace_id", parse_trace_id);
  ticket.timeout = in.optional_seconds("timeout");
  return ticket;
}

back_to_front_ticket read_back_to_front(object_reader& in) {
  back_to_front_ticket ticket;
  read_common(in, ticket);
  return ticket;
}

step read_inject(object_reader& in, bool malformed) {
  object_reader fields{in.at("ticket"), in.where() + ": ticket"};
  steps::inject result{fields.text("op"), {}};
  if (read_direction(in) == direction::front_to_back)
    result.ticket = read_front_to_back(fields);
  else
    result.ticket = read_back_to_front(fields);
  fields.done();
  auto wrong = std::visit([](const auto& x) { return check(x); }, result.ticket);
  if (wrong && !malformed)
    fields.fail("the scenario is not \"malformed\", but this is: " + *wrong);
  return result;
}

// -- steps --------------------------------------------------------------------------------

step read_operate(object_reader& in) {
  steps::operate result;
  result.op = in.text("op");
  result.name = in.text("name", "method");
  result.payload = in.optional_text("payload");
  result.complete = in.flag("complete");
  result.timeout = in.optional_seconds("timeout").value_or(std::chrono::seconds(10));
  if (in.has("subscription"))
    result.subscription = in.parsed("subscription", parse_subscription_kind);
  if (in.has("trace_id"))
    result.trace_id = in.parsed("trace_id", parse_trace_id);
  return result;
}

step read_release(object_reader& in) {
  steps::release result{read_direction(in), {}, in.flag("together"), in.flag("keep_holding")};
  if (auto* order = in.find("order")) {
    if (!order->is_array())
      in.fail("order", "must be a list of places");
    result.order.emplace();
    for (const auto& place : *order) {
      if (!place.is_number_unsigned())
        in.fail("order", "must be a list of places");
      result.order->push_back(place.get<size_t>());
    }
  }
  return result;
}

step read_read(object_reader& in) {
  auto known = [](const std::string& x) -> std::optional<std::string> {
    return x == "is_active" || x == "time_remaining" || x == "trace_id" || x == "ready" ? std::optional{x}
                                                                                        : std::nullopt;
  };
  return steps::read{read_side(in), in.text("op"), in.parsed("what", known), in.text("label")};
}

step read_null_link(object_reader& in) {
  const bool fore = read_enum<bool>(in, "which", {{"fore", true}, {"rear", false}});
  const bool join = read_enum<bool>(in, "call", {{"join", true}, {"accept", false}});
  return steps::null_link{fore, join, in.text("label")};
}

step read_join(object_reader& in) {
  const auto at = read_side(in);
  const bool null = in.has("to") && read_enum<bool>(in, "to", {{"link", false}, {"null link", true}});
  return steps::join{at, null};
}

step read_check(object_reader& in) {
  const auto& expect = in.at("expect");
  if (!expect.is_object() || expect.empty())
    in.fail("expect", "must be an object that is not empty");
  return steps::check{expect};
}

using reader = std::function<step(object_reader&)>;

const std::map<std::string, reader>& readers() {
  using in = object_reader;
  static const std::map<std::string, reader> result{
    {"operate", read_operate},
    {"consume",
     [](in& x) -> step {
       return steps::give{read_side(x), x.text("op"), x.text("payload"), false};
     }},
    {"consume_and_terminate",
     [](in& x) -> step {
       return steps::give{read_side(x), x.text("op"), x.text("payload"), true};
     }},
    {"terminate",
     [](in& x) -> step {
       return steps::give{read_side(x), x.text("op"), std::nullopt, true};
     }},
    {"cancel", [](in& x) -> step { return steps::cancel{x.text("op")}; }},
    {"fail",
     [](in& x) -> step {
       return steps::fail{read_side(x), x.text("op")};
     }},
    {"set_timeout",
     [](in& x) -> step {
       return steps::set_timeout{x.text("op"), x.seconds("seconds")};
     }},
    {"add_callback",
     [](in& x) -> step {
       return steps::add_callback{read_side(x), x.text("op"), x.text("label"), x.flag("throws")};
     }},
    {"allow",
     [](in& x) -> step {
       return steps::allow{read_side(x), x.text("op"), x.count("count")};
     }},
    {"when_ready",
     [](in& x) -> step {
       return steps::when_ready{read_side(x), x.text("op"), x.text("label")};
     }},
    {"monitor",
     [](in& x) -> step {
       return steps::monitor{read_side(x), x.text("op"), x.text("label")};
     }},
    {"read", read_read},
    {"add_idle_action",
     [](in& x) -> step {
       return steps::add_idle_action{read_side(x), x.text("label"), x.flag("throws")};
     }},
    {"wait_for_idle", [](in& x) -> step { return steps::wait_for_idle{read_side(x)}; }},
    {"hold", [](in& x) -> step { return steps::hold{read_direction(x)}; }},
    {"release", read_release},
    {"break",
     [](in& x) -> step {
       return steps::set_broken{read_direction(x), true};
     }},
    {"mend",
     [](in& x) -> step {
       return steps::set_broken{read_direction(x), false};
     }},
    {"join", read_join},
    {"join_peer", [](in& x) -> step { return steps::join_peer{x.text("peer")}; }},
    {"null_link", read_null_link},
    {"open", [](in& x) -> step { return steps::open{x.text("gate")}; }},
    {"advance", [](in& x) -> step { return steps::advance{x.seconds("seconds")}; }},
    {"check", read_check},
  };
  return result;
}

} // namespace

named_step parse_step(const json& in, size_t place, bool malformed) {
  const auto where = "step " + std::to_string(place);
  const auto what = object_reader{in, where}.text("do");
  object_reader fields{in, where + " (" + what + ")"};
  fields.ignore("do");
  auto entry = readers().find(what);
  if (entry == readers().end() && what != "inject")
    throw scenario_error{where + ": unknown step \"" + what + "\""};
  auto result = what == "inject" ? read_inject(fields, malformed) : entry->second(fields);
  fields.done();
  return {fields.where(), std::move(result)};
}

} // namespace tandem::conformance
