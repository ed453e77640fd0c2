/// Says at the back why a front's TLS handshake failed. CAF closes such a connection without a word, in its log neither
/// on CAF 0.17 as it is packaged. Internal to publish().
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace tandem {

/// While it lives, `report` gets a line such as "refused 192.0.2.7:40312: it showed no certificate" for each handshake
/// that fails at the local port `port`: in CAF's network thread, and so must return promptly; it must not make or
/// destroy one of these. Who connects and says nothing is not worth a line.
class refusal_watch {
public:
  refusal_watch(uint16_t port, std::function<void(const std::string&)> report);
  ~refusal_watch();

  refusal_watch(const refusal_watch&) = delete;
  refusal_watch& operator=(const refusal_watch&) = delete;

private:
  uint64_t number_ = 0;
};

} // namespace tandem
