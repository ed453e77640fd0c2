/// Two things that CAF lacks for a publication with TLS: a word about which peer it refused and why (CAF just closes
/// the connection), and survival when there are too many connections. Internal to publish().
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace tandem {

/// While it lives, `report` gets a line such as "refused 192.0.2.7:40312: it showed no certificate" for each handshake
/// that fails at the local port `port`: in CAF's network thread, and so must return promptly; it must not make or
/// destroy one of these. A peer that just goes away gets no line.
///
/// For the whole process, from the first of these on, a file descriptor is held in reserve: CAF opens its files for
/// every connection that it accepts, and when it cannot, because idle connections have used up all descriptors, an
/// exception in its network thread ends the process.
class tls_watch {
public:
  tls_watch(uint16_t port, std::function<void(const std::string&)> report);
  ~tls_watch();

  tls_watch(const tls_watch&) = delete;
  tls_watch& operator=(const tls_watch&) = delete;

private:
  uint64_t number_ = 0;
};

} // namespace tandem
