/// Finds out whether a host answers at all, without blocking. CAF connects with a blocking call in its network thread:
/// there a host that does not answer would hold up every other connection, and the end of the actor system, for
/// minutes. Internal to nodes/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tandem {

/// One question. Used by one thread at a time.
class reachability {
public:
  /// Begins to connect to the addresses of `host` that CAF may try. Looking up a name may block, as it does in CAF.
  reachability(const std::string& host, uint16_t port);
  ~reachability();

  reachability(const reachability&) = delete;
  reachability& operator=(const reachability&) = delete;

  /// True when all of them have answered, also by a refusal, or cannot be asked: CAF will find out as fast.
  bool answered();

private:
  std::vector<int> waiting_; // sockets
};

} // namespace tandem
