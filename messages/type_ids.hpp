/// The types that Tandem registers with CAF, and how CAF reads and writes them.
///
/// The block lies well above caf::first_custom_type_id, so that a program can number its own types from there without
/// a clash. Start an actor system with actors/system.hpp, or call init_types() of that header yourself:
///
///     tandem::init_types<caf::id_block::my_app>();   // before any caf::actor_system_config is made
#pragma once

#include "caf/error.hpp"
#include "caf/inspect.hpp"
#include "cluster_messages.hpp"
#include "commands.hpp"
#include "inspection.hpp"
#include "local_messages.hpp"
#include "opaque_payload.hpp"
#include "outcome.hpp"
#include "ticket.hpp"

#include <caf/actor.hpp>
#include <caf/type_id.hpp>

#include <vector>

CAF_BEGIN_TYPE_ID_BLOCK(tandem, caf::first_custom_type_id + 1000)

  CAF_ADD_TYPE_ID(tandem, (tandem::outcome))
  CAF_ADD_TYPE_ID(tandem, (tandem::operation_id))
  CAF_ADD_TYPE_ID(tandem, (tandem::trace_id))
  CAF_ADD_TYPE_ID(tandem, (tandem::front_to_back_ticket))
  CAF_ADD_TYPE_ID(tandem, (tandem::back_to_front_ticket))
  CAF_ADD_TYPE_ID(tandem, (std::vector<tandem::front_to_back_ticket>))
  CAF_ADD_TYPE_ID(tandem, (std::vector<tandem::back_to_front_ticket>))
  CAF_ADD_TYPE_ID(tandem, (tandem::opaque_payload))
  CAF_ADD_TYPE_ID(tandem, (tandem::commence))
  CAF_ADD_TYPE_ID(tandem, (tandem::service_request))
  CAF_ADD_TYPE_ID(tandem, (tandem::consume))
  CAF_ADD_TYPE_ID(tandem, (tandem::terminate))
  CAF_ADD_TYPE_ID(tandem, (tandem::consume_and_terminate))
  CAF_ADD_TYPE_ID(tandem, (tandem::cancel))
  CAF_ADD_TYPE_ID(tandem, (tandem::fail))
  CAF_ADD_TYPE_ID(tandem, (tandem::set_timeout))
  CAF_ADD_TYPE_ID(tandem, (tandem::get_stats))
  CAF_ADD_TYPE_ID(tandem, (tandem::stats))
  CAF_ADD_TYPE_ID(tandem, (tandem::run_shard))
  CAF_ADD_TYPE_ID(tandem, (tandem::timer_due))
  CAF_ADD_TYPE_ID(tandem, (tandem::grace_over))
  CAF_ADD_TYPE_ID(tandem, (tandem::get_operations))
  CAF_ADD_TYPE_ID(tandem, (tandem::start_recording))
  CAF_ADD_TYPE_ID(tandem, (tandem::stop_recording))
  CAF_ADD_TYPE_ID(tandem, (tandem::get_recording))
  CAF_ADD_TYPE_ID(tandem, (tandem::recording_status))
  CAF_ADD_TYPE_ID(tandem, (tandem::get_flight_record))
  CAF_ADD_TYPE_ID(tandem, (tandem::open_link))
  CAF_ADD_TYPE_ID(tandem, (tandem::link_opened))
  CAF_ADD_TYPE_ID(tandem, (tandem::end_link))
  CAF_ADD_TYPE_ID(tandem, (tandem::drain_link))
  CAF_ADD_TYPE_ID(tandem, (tandem::allow))
  CAF_ADD_TYPE_ID(tandem, (tandem::await_ready))
  CAF_ADD_TYPE_ID(tandem, (tandem::ready))

CAF_END_TYPE_ID_BLOCK(tandem)

TANDEM_ERROR_CODE_ENUM(tandem::outcome, "outcome")
