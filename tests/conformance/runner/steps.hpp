/// The steps of a scenario; the table in ../scenarios/README.md has their meaning.
#pragma once

#include "../../../messages/ticket.hpp"
#include "object_reader.hpp"
#include "vocabulary.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tandem::conformance {

namespace steps {

struct operate {
  std::string op;
  std::string name;
  std::optional<std::string> payload;
  bool complete = false;
  duration timeout{};
  subscription_kind subscription = subscription_kind::full;
  std::optional<tandem::trace_id> trace_id;
};

/// consume, terminate, consume_and_terminate.
struct give {
  side at;
  std::string op;
  std::optional<std::string> payload;
  bool last = false;
};

struct cancel {
  std::string op;
};

struct fail {
  side at;
  std::string op;
};

struct set_timeout {
  std::string op;
  duration timeout{};
};

struct add_callback {
  side at;
  std::string op;
  std::string label;
  bool throws = false;
};

struct allow {
  side at;
  std::string op;
  uint64_t count = 0;
};

struct when_ready {
  side at;
  std::string op;
  std::string label;
};

struct monitor {
  side at;
  std::string op;
  std::string label;
};

struct read {
  side at;
  std::string op;
  std::string what;
  std::string label;
};

struct add_idle_action {
  side at;
  std::string label;
  bool throws = false;
};

struct wait_for_idle {
  side at;
};

/// The ticket's operation_id is that of the label `op`, which is not known before the step is taken.
struct inject {
  std::string op;
  std::variant<front_to_back_ticket, back_to_front_ticket> ticket;
};

struct hold {
  direction which;
};

struct release {
  direction which;
  std::optional<std::vector<size_t>> order; ///< places of held tickets; none: all, as they came
  bool together = false;
  bool keep_holding = false;
};

/// break and mend.
struct set_broken {
  direction which;
  bool broken = true;
};

struct join {
  side at;
  bool to_null_link = false;
};

struct join_peer {
  std::string peer;
};

struct null_link {
  bool fore = true;
  bool join = false; ///< accept otherwise
  std::string label;
};

struct open {
  std::string gate;
};

struct advance {
  duration distance{};
};

struct check {
  json expect;
};

} // namespace steps

using step
  = std::variant<steps::operate, steps::give, steps::cancel, steps::fail, steps::set_timeout, steps::add_callback,
                 steps::allow, steps::when_ready, steps::monitor, steps::read, steps::add_idle_action,
                 steps::wait_for_idle, steps::inject, steps::hold, steps::release, steps::set_broken, steps::join,
                 steps::join_peer, steps::null_link, steps::open, steps::advance, steps::check>;

/// A step with the name that messages call it by: "step 3 (consume)".
struct named_step {
  std::string name;
  step what;
};

/// Reads the step at this place, counted from 0; throws scenario_error. `malformed` allows injected tickets to break
/// the field rules.
named_step parse_step(const json& in, size_t place, bool malformed);

} // namespace tandem::conformance
