/// A front that can lie: real CAF, but hellos and frames of the test's own.
#pragma once

#include "../../actors/compat/callback_actor.hpp"
#include "../../messages/ticket_codec.hpp"
#include "../../messages/type_ids.hpp"
#include "frame_log.hpp"
#include "world.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tandem_test {

struct lying_front {
  /// Connects to the back at this port, and begins a link.
  explicit lying_front(uint16_t port);
  ~lying_front();

  /// The back is told to send its frames here.
  enum class address { own, none, of_another };

  /// Leaves its link, and asks for another one, with the given values in place of the truth. Returns why it was
  /// refused; empty if it was not.
  std::string greet(uint32_t format = tandem::ticket_format, const std::string& greeting = {},
                    address where = address::own);

  /// Sends a frame of these bytes. Frames without numbers are never resent.
  void send(std::string frame, uint64_t number = 0, uint64_t received = 0) const;

  /// Sends a frame of this ticket.
  void send(const tandem::front_to_back_ticket& ticket);

  /// A frame of this ticket.
  std::string frame_of(const tandem::front_to_back_ticket& ticket);

  /// Of operation `number`, whose method is "hold".
  static tandem::front_to_back_ticket first_ticket(uint64_t number);

  patient_node at;
  caf::actor gateway;
  tandem::welcome answer;                                         ///< to the last hello that was not refused
  std::shared_ptr<journal> answers = std::make_shared<journal>(); ///< "KIND: DETAILS" of each ticket that came
  std::shared_ptr<frame_log<tandem::back_to_front_ticket>> frames
    = std::make_shared<frame_log<tandem::back_to_front_ticket>>(); ///< that came

private:
  void leave();

  tandem::compat::light_ptr<tandem::callback_actor> own_;
};

} // namespace tandem_test
