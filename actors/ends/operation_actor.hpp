/// One side of one operation as an actor: operation_context, output_consumer and operation are handles of it. Internal
/// to the ends.
#pragma once

#include "../compat/light_actor.hpp"
#include "../core/events.hpp"
#include "../core/rare.hpp"
#include "../operation_context.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace tandem {

/// A payload of which it is recorded how long customer code takes for it.
struct timed_payload {
  tandem::sequence_number sequence_number; ///< of the ticket that brought it
  time_point began;                        ///< the call that delivers it
  bool kept = false;                       ///< customer code has taken charge of it: its return is not the end
};

/// Any thread may call everything here: changes of the operation are handed to the shard that owns it, and take effect
/// at once if that shard is the caller.
class operation_actor : public compat::light_actor {
public:
  /// `method`: the operation's name.
  operation_actor(caf::actor_config& config, operation_id id, std::optional<tandem::trace_id> trace, std::string method)
    : light_actor(config), id_(id), trace_id_(trace), method_(std::move(method)) {
  }

  const operation_id& operation() const noexcept {
    return id_;
  }

  const std::optional<tandem::trace_id>& trace_id() const noexcept {
    return trace_id_;
  }

  /// The operation's name. (CAF's actors have a name() of their own.)
  const std::string& method() const noexcept {
    return method_;
  }

  subscription_kind subscription() const noexcept {
    return subscription_;
  }

  /// To be called before any other code sees the operation.
  void set_subscription(subscription_kind x) noexcept {
    subscription_ = x;
  }

  /// At the front: the operation on whose behalf this one was commenced, if that is known. In its shard only.
  std::optional<operation_id> parent() const noexcept {
    return facts_ ? facts_->parent : std::nullopt;
  }

  /// To be called before any other code sees the operation.
  void set_parent(const operation_id& parent) {
    facts_.get().parent = parent;
  }

  /// The outcome; nothing while the operation is active.
  std::optional<outcome> ended() const noexcept {
    const auto value = outcome_.load();
    return value == 0 ? std::nullopt : std::optional{static_cast<outcome>(value)};
  }

  /// Why it ended; empty while the operation is active.
  std::string details() const {
    return ended() && facts_ ? facts_->details : std::string{};
  }

  /// How it ended; as if its link was lost, if its shard went without it.
  operation_end how_it_ended() const {
    const auto value = ended();
    auto why = details();
    const bool refused = value && was_refused(*value, why);
    return {value.value_or(outcome::transmission_failure), std::move(why), refused};
  }

  /// At the back: the node of the other side; empty if that is in this process, or is not known.
  node_description peer() const {
    return peer_ ? *peer_ : node_description{};
  }

  /// To be called before customer code sees the operation.
  void set_peer(std::shared_ptr<const node_description> peer) {
    if (peer)
      peer_ = std::move(peer);
  }

  /// S-TIME-4: never negative, zero once it has ended.
  virtual duration time_remaining() const = 0;

  /// S-SEND-5: does nothing after the end.
  virtual void submit(core::customer_event&& event) = 0;

  /// The same, for the event that there is most of; counts it, too.
  virtual void give(core::payload_given&& x) {
    count_given(x, false);
    submit(std::move(x));
  }

  // -- how much customer code may send (S-FLOW-8) -----------------------------------------

  /// Submits a payload, the end of the output, or both.
  void send(std::optional<payload>&& content, bool last) {
    core::payload_given given;
    if (content) {
      given.size = size_of_text(*content);
      given.receipt = count_if_large(given.size);
      given.content = std::move(content);
    }
    given.last = last;
    if (last)
      output_ended_.store(true);
    give(std::move(given));
  }

  /// Before it is submitted. `in_shard`: by the shard that owns the operation, if there is one; that needs no locked
  /// instruction, and is what streams do.
  void count_given(const core::payload_given& x, bool in_shard) noexcept {
    if (!x.content)
      return;
    if (in_shard)
      given_in_shard_.store(given_in_shard_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    else
      given_elsewhere_.fetch_add(1);
  }

  /// How many payloads were given.
  uint64_t given() const noexcept {
    return given_in_shard_.load() + given_elsewhere_.load();
  }

  /// From now on, it is ready only while so many bytes of large payloads are on their way at most; 0: any number.
  void set_most_large_bytes(uint32_t bytes) noexcept {
    most_large_bytes_ = bytes;
  }

  /// More of them are on their way: they wait here, or for the link, or, in one process, were not consumed.
  bool has_too_many_bytes() const noexcept {
    return most_large_bytes_ > 0 && large_bytes_.load() >= most_large_bytes_;
  }

  /// Somebody waits until that is over: large_bytes_gone() is called then.
  void wait_for_bytes() noexcept {
    waits_for_bytes_.store(true);
  }

  /// A first payload was given, and with `complete` the end of the output. Before any other code sees the operation.
  void begin_output(bool has_payload, bool complete) noexcept {
    given_elsewhere_.store(has_payload, std::memory_order_relaxed);
    output_ended_.store(complete, std::memory_order_relaxed);
  }

  /// So many payloads may be sent in all.
  void set_allowed(uint64_t payloads) noexcept {
    allowed_.store(payloads);
  }

  uint64_t allowed() const noexcept {
    return allowed_.load();
  }

  /// A payload that is given now has credit.
  bool has_credit() const noexcept {
    return given() < allowed() && may_ever_send();
  }

  /// Neither its output has ended nor the operation.
  bool may_ever_send() const noexcept {
    return !output_ended_.load() && !ended();
  }

  /// How many payloads wait until they are allowed.
  uint64_t waiting_for_credit() const noexcept {
    const auto all = given();
    const auto some = allowed();
    return ended() || all <= some ? 0 : all - some;
  }

  /// Half of them are gone.
  virtual void large_bytes_gone() {
  }

  /// So many have set out, or are not on their way any more.
  virtual void bytes_sent(uint64_t) noexcept {
  }
  virtual void bytes_arrived(uint64_t) {
  }

  virtual bool is_ready() const = 0;
  virtual void when_ready(std::function<void()> call) = 0;
  virtual bool wait_until_ready(duration timeout) = 0;

  // -- payloads that customer code keeps (S-FLOW-14) ---------------------------------------

  /// One that it had taken charge of is done with; it is `timed` if that is recorded. They are told together: when the
  /// other side has to be told.
  void release_payload(const std::optional<timed_payload>& timed) {
    if (timed)
      payload_consumed(*timed);
    if (released_.fetch_add(1) + 1 >= release_due_.load())
      if (const auto all = released_.exchange(0); all > 0)
        submit(core::payloads_released{all});
  }

  /// Of a payload that customer code has taken charge of. The result keeps it until the operation ends at most.
  virtual std::shared_ptr<const void> keep_receipt(std::shared_ptr<const void> receipt) {
    return receipt;
  }

  /// Records that it was consumed just now. Does nothing after the end.
  virtual void payload_consumed(const timed_payload&) {
  }

  /// S-END-7: exactly once, also after the end.
  virtual void add_callback(termination_callback callback) = 0;

  /// Notes `text` in the trace. Does nothing after the end.
  virtual void annotate(std::string text) = 0;

  /// Whether this operation is in the recording of this generation (shard_tap.hpp). Of its shard only.
  struct capture_decision {
    uint32_t bytes = 0; ///< how many bytes of each payload
    uint32_t generation = 0;
    bool taken = false;
    bool declined = false; ///< it would be taken, but there was no room when it began
  };
  capture_decision capture;

protected:
  uint32_t most_large_bytes_ = 0;

private:
  /// Smaller payloads are not worth counting: a window of them is not much.
  static constexpr size_t large = 1024;

  /// They count until the last owner of the receipt lets go of it.
  struct counted_bytes {
    counted_bytes(operation_actor& operation, uint64_t size) noexcept : operation_(&operation), size_(size) {
      operation.large_bytes_.fetch_add(size);
      operation.bytes_sent(size);
    }
    ~counted_bytes() {
      if (operation_->large_bytes_.fetch_sub(size_) - size_ <= operation_->most_large_bytes_ / 2
          && operation_->waits_for_bytes_.exchange(false))
        operation_->large_bytes_gone();
      operation_->bytes_arrived(size_);
    }
    counted_bytes(const counted_bytes&) = delete;
    counted_bytes& operator=(const counted_bytes&) = delete;

  private:
    operation_ptr operation_;
    uint64_t size_;
  };

  std::shared_ptr<const void> count_if_large(uint64_t size) {
    return size < large ? nullptr : std::make_shared<counted_bytes>(*this, size);
  }

protected:
  operation_id id_;
  std::optional<tandem::trace_id> trace_id_;
  // Small ones stand here, where they take no memory.
  bool sends_later_ = false; // of shard_operation
  std::atomic<bool> output_ended_{false};
  std::atomic<bool> waits_for_bytes_{false};
  subscription_kind subscription_ = subscription_kind::full;
  std::atomic<uint8_t> outcome_{0};
  std::string method_;
  std::shared_ptr<const node_description> peer_;
  /// What few operations have. The parent is set before any other code sees the operation, the details before outcome_.
  struct facts {
    std::optional<operation_id> parent;
    std::string details;
  };
  core::rare<facts> facts_;
  std::atomic<uint64_t> given_in_shard_{0}; // only its shard writes it
  std::atomic<uint64_t> given_elsewhere_{0};
  std::atomic<uint64_t> allowed_{0};
  std::atomic<uint32_t> released_{0};    // of which the shard was not told
  std::atomic<uint32_t> release_due_{1}; // it is told when there are so many
  std::atomic<uint64_t> large_bytes_{0};
  std::atomic<int64_t> deadline_{0}; // of the clock's epoch, ns
};

/// While one exists in a thread, customer code of this operation runs there: in traces, operations that it commences
/// are children of this one.
class customer_scope {
public:
  /// `receipt`: of the payload that is delivered (ticket.hpp), null if none is; may change meanwhile. `timed`: that
  /// payload, if it is recorded how long it takes.
  explicit customer_scope(const operation_actor& operation, const std::shared_ptr<const void>* receipt = nullptr,
                          timed_payload* timed = nullptr) noexcept
    : operation_(operation), receipt_(receipt), timed_(timed), outer_(std::exchange(innermost, this)) {
  }
  ~customer_scope() {
    innermost = outer_;
  }

  customer_scope(const customer_scope&) = delete;
  customer_scope& operator=(const customer_scope&) = delete;

  /// Null outside of customer code.
  static const operation_actor* current() noexcept {
    return innermost != nullptr ? &innermost->operation_ : nullptr;
  }

  /// The receipt of the payload that is being delivered to customer code of this operation; null if none is.
  static std::shared_ptr<const void> receipt_of(const operation_actor& operation) {
    return current() == &operation && innermost->receipt_ != nullptr ? *innermost->receipt_ : nullptr;
  }

  /// Customer code of this operation takes charge of the payload that is being delivered to it. That payload, the first
  /// time, if it is recorded how long it takes.
  static std::optional<timed_payload> keep_timed(const operation_actor& operation) noexcept {
    if (current() != &operation || innermost->timed_ == nullptr || std::exchange(innermost->timed_->kept, true))
      return std::nullopt;
    return *innermost->timed_;
  }

private:
  inline static thread_local const customer_scope* innermost = nullptr;
  const operation_actor& operation_;
  const std::shared_ptr<const void>* receipt_;
  timed_payload* timed_;
  const customer_scope* outer_;
};

} // namespace tandem
