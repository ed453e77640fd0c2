/// The network thread: one for all links and publications of the process, there as long as one of them is. All that
/// moves over sockets runs in it, so what only it uses needs no lock. Internal to nodes/.
///
///     auto network = network::shared();
///     asio::post(network->context(), [] { ... });   // runs in the network thread
#pragma once

#include "../../../messages/time.hpp"

#include <asio/io_context.hpp>

#include <memory>

namespace tandem {

class network : public std::enable_shared_from_this<network> {
public:
  /// That of this process; begins a thread if there is none. Any thread.
  static std::shared_ptr<network> shared();

  /// For shared() only.
  network();

  /// Waits for the thread to end, unless it is called there.
  ~network();

  network(const network&) = delete;
  network& operator=(const network&) = delete;

  asio::io_context& context() noexcept;

  /// Whether the caller is the network thread.
  bool is_here() const noexcept;

  /// A frame has come: the thread goes on looking for up to `linger` before it sleeps, and lets every other thread go
  /// first meanwhile. To wake a thread that sleeps on another core takes longer than all the rest of an operation that
  /// is alone. After each time that it looked in vain it tries only half as often, down to once in 256 frames, so that
  /// rare frames cost little. Network thread only.
  void linger(duration linger);

private:
  struct thread_state;
  std::shared_ptr<thread_state> state_;
};

} // namespace tandem
