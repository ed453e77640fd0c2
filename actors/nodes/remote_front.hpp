/// The part of a link between nodes at the back's node: one front, as the fore link of its port. Internal to publish().
#pragma once

#include "../links/link.hpp"
#include "../node_description.hpp"
#include "session/node_session.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace tandem {

class remote_front final : public fore_peer, public std::enable_shared_from_this<remote_front> {
public:
  using session_type = node_session<back_to_front_ticket, front_to_back_ticket>;

  const std::string id;     ///< of the session
  const std::string secret; ///< proves that a front began it
  const node_description description;
  const std::string peer; ///< by which sessions are counted: its identity, or else its host

  remote_front(std::string id, std::string secret, node_description description, std::string peer,
               std::shared_ptr<rear_link> port);

  /// Begins the session; `ended` is called in the network thread when it is over.
  void begin(caf::actor_system& system, std::shared_ptr<network> network, const link_options& options,
             const std::string& name, std::function<void(const std::string& details, bool in_order)> ended);

  session_type& session() const {
    return *session_;
  }

  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& tickets) override;
  void rear_draining(std::shared_ptr<void> heeded) override;

  /// The publication wishes to say this to its fronts; a back that is draining says no less. Network thread.
  void say(core::session_notice x);

  /// Tells the port, and lets go of it: the two hold each other.
  void lost(const std::string& details);

private:
  std::vector<refusal> received(std::vector<front_to_back_ticket>&& tickets);
  void heard(core::session_notice x);
  std::shared_ptr<rear_link> port() const;

  std::shared_ptr<network> network_;
  std::shared_ptr<session_type> session_;
  bool is_draining_ = false;     ///< the back says so; of the network thread
  std::shared_ptr<void> heeded_; ///< until the front has answered; of the network thread
  mutable std::mutex mutex_;
  std::shared_ptr<rear_link> port_;
};

} // namespace tandem
