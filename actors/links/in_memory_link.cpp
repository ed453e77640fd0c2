#include "in_memory_link.hpp"
#include "refusals.hpp"

namespace tandem {

namespace {

/// Smaller payloads are not worth counting: a window of them is not much.
constexpr size_t large = 4096;

} // namespace

in_memory_link::in_memory_link(std::shared_ptr<thread_pool> pool, uint64_t unconsumed_bytes)
  : order_to_back_(pool ? std::make_shared<strand>(pool) : nullptr),
    order_to_front_(pool ? std::make_shared<strand>(pool) : nullptr),
    unconsumed_bytes_(unconsumed_bytes) {
}

template <class Ticket>
byte_gauge& in_memory_link::gauge() {
  std::call_once(has_gauges_, [this] {
    const auto news
      = [](bool full) { return link_news{full ? link_news::kind::congested : link_news::kind::relieved}; };
    const auto weak = weak_from_this();
    to_back_bytes_ = std::make_shared<byte_gauge>(unconsumed_bytes_, [weak, news](bool full) {
      if (const auto self = weak.lock())
        self->rear_news(news(full));
    });
    to_front_bytes_ = std::make_shared<byte_gauge>(unconsumed_bytes_, [weak, news](bool full) {
      if (const auto self = weak.lock())
        self->fore_news(news(full));
    });
  });
  return std::is_same_v<Ticket, front_to_back_ticket> ? *to_back_bytes_ : *to_front_bytes_;
}

template <class Ticket>
void in_memory_link::count(std::vector<Ticket>& tickets) {
  for (auto& x : tickets) {
    const auto* text = x.payload && x.receipt == nullptr ? payload_as<std::string>(*x.payload) : nullptr;
    if (text != nullptr && text->size() >= large)
      x.receipt = gauge<Ticket>().add(text->size());
  }
}

std::vector<refusal> in_memory_link::accept(std::vector<front_to_back_ticket>&& tickets) {
  return pass(std::move(tickets), to_back_, to_front_, order_to_back_);
}

std::vector<refusal> in_memory_link::accept(std::vector<back_to_front_ticket>&& tickets) {
  return pass(std::move(tickets), to_front_, to_back_, order_to_front_);
}

template <class Peer, class OtherPeer>
std::vector<refusal> in_memory_link::pass(std::vector<typename Peer::ticket>&& tickets, link_direction<Peer>& to,
                                          link_direction<OtherPeer>& back, const std::shared_ptr<strand>& order) {
  count(tickets);
  if (order == nullptr)
    return to.pass(std::move(tickets));
  order->post([self = shared_from_this(), &to, &back, tickets = std::move(tickets)]() mutable {
    const auto operations = operations_of(tickets);
    auto refused = refuse_if_throws(operations, "the link's other side", [&] { return to.pass(std::move(tickets)); });
    back.tell(failures_of<typename OtherPeer::ticket>(std::move(refused)));
  });
  return {};
}

} // namespace tandem
