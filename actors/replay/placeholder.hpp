/// What is played in the place of payloads that a recording hid. Internal to replay.
#pragma once

#include "../../messages/trace/trace_entry.hpp"

#include <cstdint>
#include <optional>

namespace tandem {

/// A larger payload has no placeholder: the size is what somebody wrote into a file.
inline constexpr uint64_t largest_placeholder = uint64_t{64} << 20;

/// For a ticket whose payload was redacted (payload_missing, TRACE.md): if it was a text, one of the same size, every
/// byte of it 'x', also where the trace has a replacement. Nothing for all other payloads.
std::optional<payload> placeholder_of(const trace_entry& entry);

} // namespace tandem
