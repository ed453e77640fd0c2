/// What a link says about itself while it lasts; that it is lost, or takes tickets again, is said by other functions of
/// link.hpp. Nothing has to be done about it.
///
///     class watching_link final : public relay_link {
///       void rear_news(const link_news& x) override {
///         if (x.what == link_news::kind::interrupted)
///           log("trouble: " + x.details);
///         relay_link::rear_news(x);
///       }
///     };
#pragma once

#include <cstdint>
#include <string>

namespace tandem {

struct link_news {
  enum class kind : uint8_t {
    interrupted, ///< its connection broke; it may go on over another one (S-SESSION-5)
    resumed,     ///< and it does
    congested,   ///< more tickets wait than it can pass on: threads that send had better wait (S-PORT-11)
    relieved,    ///< that is over
  };

  kind what;
  std::string details = {}; ///< for people

  /// About tickets that wait, and not about the connection.
  bool is_about_congestion() const noexcept {
    return what == kind::congested || what == kind::relieved;
  }
};

} // namespace tandem
