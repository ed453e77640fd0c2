/// Everything that a program needs to use Tandem.
#pragma once

#include <tandem/actors/back_end.hpp>
#include <tandem/actors/configuration.hpp>
#include <tandem/actors/consumer.hpp>
#include <tandem/actors/front_end.hpp>
#include <tandem/actors/links/balanced_link.hpp>
#include <tandem/actors/links/in_memory_link.hpp>
#include <tandem/actors/links/null_links.hpp>
#include <tandem/actors/links/recording_link.hpp>
#include <tandem/actors/manual_clock.hpp>
#include <tandem/actors/nodes/connect.hpp>
#include <tandem/actors/nodes/publish.hpp>
#include <tandem/actors/operation.hpp>
#include <tandem/actors/retry.hpp>
#include <tandem/actors/servicer.hpp>
#include <tandem/actors/settle.hpp>
#include <tandem/actors/system.hpp>
#include <tandem/actors/thread_pool.hpp>
#include <tandem/messages/payload_json.hpp>
#include <tandem/messages/ticket_json.hpp>
