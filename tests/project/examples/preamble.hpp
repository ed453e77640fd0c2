/// The names that examples use without declaring them, so that each can show what it is about. Examples are compiled,
/// and never run: nothing here is defined.
#pragma once

#include "../../../actors/all.hpp"
#include "../../../actors/replay/replay.hpp"
#include "../../../actors/testing/faulty_link.hpp"
#include "../../../actors/testing/link_suite.hpp"
#include "../../../messages/caf/version.hpp"
#include "../../../messages/json/ticket_json.hpp"
#include "../../../messages/trace/trace_reader.hpp"
#include "../../../messages/trace/trace_writer.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <doctest/doctest.h>

#include <syslog.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace examples {

/// A type of the customer's.
struct my_type {
  int32_t x = 0;
};

template <class Inspector>
tandem::compat::inspect_result<Inspector> inspect(Inspector& f, my_type& x) {
  decltype(auto) g = tandem::compat::adapt(f);
  return g.object(x).fields(g.field("x", x.x));
}

} // namespace examples

CAF_BEGIN_TYPE_ID_BLOCK(my_app, caf::first_custom_type_id + 700)
  CAF_ADD_TYPE_ID(my_app, (examples::my_type))
CAF_END_TYPE_ID_BLOCK(my_app)

namespace examples {

using namespace tandem;
using namespace std::literals;

/// What an example in a function may return.
struct anything {
  template <class T>
  anything(T&&) {
  }
  anything() = default;
};

// -- what a program has ---------------------------------------------------------------------

extern system_config& config;
extern caf::actor_system& system;
extern caf::actor_system& other_system;
extern front_end front;
extern back_end back;
extern std::shared_ptr<method_table> services;
extern std::shared_ptr<servicer> (*my_services)();
extern std::shared_ptr<consumer> results;
extern tandem::operation op;
extern operation_context context;
extern publication publication;
extern std::shared_ptr<manual_clock> clock;
extern payload key;
extern std::chrono::steady_clock::time_point begun;

/// What a producer sends.
struct rows {
  bool has_next();
  payload next();
};
extern rows source;

/// What a consumer hands on.
struct kept_payload {
  payload content;
  payload_charge charge;
};
extern std::vector<kept_payload> queue;
extern payload content;

// -- links ----------------------------------------------------------------------------------

extern std::shared_ptr<duplex_link> link;
extern std::shared_ptr<duplex_link> connection;
extern std::shared_ptr<recording_link> recording;
extern std::shared_ptr<trace_recorder> recorder;
extern caf::actor gateway;

/// A link that a customer wrote.
class my_link final : public relay_link {};

// -- messages, traces -----------------------------------------------------------------------

extern caf::event_based_actor* self;
extern caf::actor worker;
extern caf::actor operation;
extern void (*on_down)(const caf::error& reason);
extern operation_id id;
extern front_to_back_ticket ticket;
extern std::istream& trace;
extern trace_header header;
extern trace_entry entry;

// -- functions of the customer's ------------------------------------------------------------

void take(const payload& content);
void report(outcome how, const std::string& details = {});
void log(const std::string& line);

} // namespace examples
