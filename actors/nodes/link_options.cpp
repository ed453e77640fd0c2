#include "link_options.hpp"
#include "../../messages/time.hpp"

#include <stdexcept>
#include <string>

namespace tandem {

namespace {

constexpr size_t least_read_ahead = size_t{64} << 10;

} // namespace

void check_options(const link_options& options) {
  check_duration("link_options: window", options.window);
  check_positive_duration("link_options: ping_interval", options.ping_interval);
  check_positive_duration("link_options: silence_limit", options.silence_limit);
  check_positive_duration("link_options: handshake_timeout", options.handshake_timeout);
  if (options.silence_limit < options.ping_interval)
    throw std::invalid_argument{"link_options: silence_limit must not be less than ping_interval, or a peer that has "
                                "nothing to say would be taken for dead"};
  if (options.maximum_payload == 0)
    throw std::invalid_argument{"link_options: maximum_payload must not be zero: no payload could be sent"};
  if (options.resend_limit == 0)
    throw std::invalid_argument{"link_options: resend_limit must not be zero: nothing could be sent"};
  if (options.read_ahead < least_read_ahead)
    throw std::invalid_argument{"link_options: read_ahead must be at least " + std::to_string(least_read_ahead)
                                + ", a frame's bytes, or nothing larger could come"};
  if (options.send_ahead == 0)
    throw std::invalid_argument{"link_options: send_ahead must not be zero: threads that send would wait for ever"};
  if (options.linger < duration::zero() || options.linger > std::chrono::milliseconds(10))
    throw std::invalid_argument{"link_options: linger must be between zero and 10 ms"};
}

} // namespace tandem
