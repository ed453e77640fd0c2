/// How a recording writes payloads: whole, their beginning, or a hash. Internal to recordings.
#pragma once

#include "../../messages/trace/trace_entry.hpp"
#include "recording_options.hpp"

#include <string>

namespace tandem {

class payload_policy {
public:
  explicit payload_policy(const recording_options& options);

  /// At most `most` bytes of `content`, which takes `size` bytes on the wire. Any thread.
  trace_payload write(const payload& content, uint64_t size, uint64_t most) const;

private:
  trace_payload limited(const payload& content, uint64_t size, uint64_t most) const;
  trace_payload stand_in(const payload& content, uint64_t size, const char* why) const;
  std::string hash_of(const payload& content) const;

  recording_profile profile_;
  redaction redact_;
  std::string key_;
};

} // namespace tandem
