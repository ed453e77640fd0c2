/// The messages by which a recording is switched on and off (messages/commands.hpp). Internal to the ends.
#pragma once

#include <tandem/actors/compat/message.hpp>
#include <tandem/actors/tracing/trace_recorder.hpp>

#include <optional>

namespace tandem {

/// The answer to a message about recordings; nothing if `content` is no such.
std::optional<caf::message> recording_answer(trace_recorder& recorder, const caf::message& content);

} // namespace tandem
