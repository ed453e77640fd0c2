/// What most programs need; not replay, faulty_link, link_suite, remote_operations.
///
///     #include <tandem/actors/all.hpp>
#pragma once

#include "../messages/json/payload_json.hpp"
#include "../messages/json/ticket_json.hpp"
#include "back_end.hpp"
#include "configuration.hpp"
#include "consumer.hpp"
#include "execution/thread_pool.hpp"
#include "front_end.hpp"
#include "links/balanced_link.hpp"
#include "links/in_memory_link.hpp"
#include "links/null_links.hpp"
#include "nodes/configuration.hpp"
#include "nodes/connect.hpp"
#include "nodes/publish.hpp"
#include "operation.hpp"
#include "retry.hpp"
#include "servicer.hpp"
#include "system.hpp"
#include "testing/manual_clock.hpp"
#include "testing/settle.hpp"
#include "tracing/recording_link.hpp"
