#include "trace_recorder.hpp"
#include "../../messages/node_name.hpp"
#include "../execution/clock_source.hpp"
#include "collector.hpp"
#include "trace_sink.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace tandem {

namespace {

/// Customer code that runs in the midst of a round may block; a trace is not worth waiting longer.
constexpr auto longest_round = std::chrono::seconds(1);

int64_t nanoseconds_of(duration x) {
  return x.count();
}

int64_t wall_now() {
  return nanoseconds_of(std::chrono::system_clock::now().time_since_epoch());
}

/// For all recorders of a clock that a test moves the same, so that their times can be compared.
int64_t wall_offset_of(const std::shared_ptr<clock_source>& clock) {
  static std::mutex mutex;
  static std::map<std::weak_ptr<clock_source>, int64_t, std::owner_less<>> known;
  std::lock_guard guard{mutex};
  std::erase_if(known, [](const auto& x) { return x.first.expired(); });
  const auto offset = wall_now() - nanoseconds_of(clock->now().time_since_epoch());
  return known.try_emplace(clock, offset).first->second;
}

int64_t nanoseconds_now() {
  return nanoseconds_of(std::chrono::steady_clock::now().time_since_epoch());
}

/// A hash that is the same in every process: part of the trace format's promise that nodes sample alike.
uint64_t sampling_hash(uint64_t high, uint64_t low) noexcept {
  uint64_t x = high ^ (low * 0x9e3779b97f4a7c15);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

uint64_t sampling_hash(const operation_id& id, const std::optional<trace_id>& trace) noexcept {
  if (!trace)
    return sampling_hash(id.high, id.low);
  uint64_t halves[2] = {0, 0};
  for (size_t i = 0; i < trace->bytes.size(); ++i)
    halves[i / 8] = halves[i / 8] << 8 | trace->bytes[i];
  return sampling_hash(halves[0], halves[1]);
}

void take_status(const trace_sink& sink, recording_status& out) {
  out.written = sink.written();
  out.dropped = sink.dropped();
  out.problem = sink.why_over();
}

/// The highest hash that is sampled; nothing if none is.
std::optional<uint64_t> highest_sampled(double share) noexcept {
  if (share >= 1)
    return UINT64_MAX;
  if (!(share > 0))
    return std::nullopt;
  return static_cast<uint64_t>(std::ldexp(share, 64));
}

} // namespace

void check_options(const recording_options& options) {
  if (options.file.empty())
    throw std::invalid_argument{"recording_options: file must not be empty"};
  if (!(options.sample > 0 && options.sample <= 1))
    throw std::invalid_argument{"recording_options: sample must be more than 0 and at most 1, got "
                                + std::to_string(options.sample)};
  if (options.files == 0)
    throw std::invalid_argument{"recording_options: files must be at least 1"};
  if (options.files > 1 && options.file_bytes == 0)
    throw std::invalid_argument{"recording_options: several files need file_bytes, the size at which the next begins"};
  if (options.waiting_records == 0)
    throw std::invalid_argument{"recording_options: waiting_records must be at least 1"};
  capture_filter{options.capture};
}

bool is_sampled(const operation_id& id, const std::optional<trace_id>& trace, double share) {
  const auto highest = highest_sampled(share);
  return highest && sampling_hash(id, trace) <= *highest;
}

std::optional<uint64_t> active_recording::takes(std::string_view name, const operation_id& id,
                                                const std::optional<trace_id>& trace) const {
  if (sample_below != UINT64_MAX && sampling_hash(id, trace) > sample_below)
    return std::nullopt;
  return filter.payload_bytes(name);
}

trace_recorder::trace_recorder(trace_side side, std::string link, std::shared_ptr<clock_source> clock)
  : side_(side), link_(std::move(link)), clock_(std::move(clock)), manual_offset_(clock_ ? wall_offset_of(clock_) : 0) {
}

trace_recorder::~trace_recorder() {
  for (const auto& x : {active_, failures_})
    if (x)
      x->sink->leave();
}

trace_header trace_recorder::header(const recording_options& options) const {
  trace_header result;
  result.node = options.node.empty() ? default_node_name() : options.node;
  result.side = to_string(side_);
  result.link = link_;
  result.clock = clock_ ? "manual" : "steady";
  result.start_wall_ns = wall_now(); // of a manual clock too, so that two recordings are told apart
  result.start_monotonic_ns = monotonic_now();
  result.capture = options.capture;
  result.sample = options.sample;
  result.profile = options.profile == recording_profile::full ? "full" : "redacted";
  return result;
}

std::shared_ptr<active_recording> trace_recorder::open(const recording_options& options) const {
  check_options(options);
  auto result = std::make_shared<active_recording>();
  result->filter = capture_filter{options.capture};
  result->sample_below = highest_sampled(options.sample).value_or(0);
  result->source = std::make_shared<trace_source>(trace_source{link_, side_, payload_policy{options}});
  result->consumption = options.consumption;
  result->sink = trace_sink::open(options, header(options));
  return result;
}

void trace_recorder::start(const recording_options& options) {
  auto next = open(options);
  std::shared_ptr<const active_recording> previous;
  {
    std::lock_guard guard{mutex_};
    next->generation = generation() + (active_ ? 2 : 1);
    generation_.store(next->generation, std::memory_order_relaxed);
    previous = std::exchange(active_, std::move(next));
    last_ = {};
    last_.file = options.file;
  }
  finish(std::move(previous));
}

void trace_recorder::stop() {
  std::shared_ptr<const active_recording> previous;
  {
    std::lock_guard guard{mutex_};
    previous = std::exchange(active_, nullptr);
    if (previous)
      generation_.fetch_add(1, std::memory_order_relaxed);
  }
  finish(std::move(previous));
}

/// Writes all records of `recording`, and lets go of it when no round holds it any more. Null: does nothing.
void trace_recorder::finish(std::shared_ptr<const active_recording> recording) {
  if (recording == nullptr)
    return;
  await_collectors();
  recording->sink->flush();
  recording->sink->leave();
  std::vector<std::shared_ptr<const active_recording>> unused; // closed outside of the lock
  std::lock_guard guard{mutex_};
  if (recording->generation + 1 == generation()) // the last one, and none has begun since
    take_status(*recording->sink, last_);
  retired_.push_back(std::move(recording));
  for (auto& x : retired_)
    if (x.use_count() == 1)
      unused.push_back(std::move(x));
  std::erase(retired_, nullptr);
}

void trace_recorder::start_failures(const recording_options& options) {
  std::shared_ptr<const active_recording> next = open(options);
  {
    std::lock_guard guard{mutex_};
    failures_.swap(next);
    has_failures_ = true;
  }
  finish(std::move(next));
}

void trace_recorder::stop_failures() {
  std::shared_ptr<const active_recording> previous;
  {
    std::lock_guard guard{mutex_};
    has_failures_ = false;
    previous = std::exchange(failures_, nullptr);
  }
  finish(std::move(previous));
}

std::shared_ptr<collecting_round> trace_recorder::add_collector() {
  auto result = std::make_shared<collecting_round>(0);
  std::lock_guard guard{mutex_};
  std::erase_if(collectors_, [](const auto& x) { return x.expired(); });
  collectors_.push_back(result);
  return result;
}

void trace_recorder::ended() {
  if (waiting_.load() == 0)
    return;
  std::lock_guard guard{mutex_};
  collector_ended_.notify_all();
}

/// Returns when all records that were collected before have been handed over. Customer code that calls this within such
/// a round hands over that round's records, and does not wait for other rounds, which may wait for it.
void trace_recorder::await_collectors() const {
  if (collector::hand_over_here(*this))
    return;
  struct begun {
    std::shared_ptr<collecting_round> round;
    uint64_t number;
  };
  std::vector<begun> rounds;
  std::unique_lock lock{mutex_};
  ++waiting_; // before looking, so that a round that ends then notifies
  for (const auto& x : collectors_)
    if (auto round = x.lock()) {
      const auto number = round->load();
      if (number & 1)
        rounds.push_back({std::move(round), number});
    }
  collector_ended_.wait_for(lock, longest_round, [&rounds] {
    return std::none_of(rounds.begin(), rounds.end(), [](const begun& x) { return x.round->load() == x.number; });
  });
  --waiting_;
}

std::shared_ptr<const active_recording> trace_recorder::failures() const {
  std::lock_guard guard{mutex_};
  return failures_;
}

void trace_recorder::flush() {
  await_collectors();
  if (auto recording = active())
    recording->sink->flush();
}

recording_status trace_recorder::status() const {
  std::lock_guard guard{mutex_};
  auto result = last_;
  if (active_) {
    take_status(*active_->sink, result);
    result.on = !active_->sink->is_over();
  }
  return result;
}

std::shared_ptr<const active_recording> trace_recorder::active() const {
  if ((generation() & 1) == 0)
    return nullptr; // without a lock: links ask for every batch that passes
  std::lock_guard guard{mutex_};
  return active_;
}

int64_t trace_recorder::monotonic_now() const {
  return clock_ ? nanoseconds_of(clock_->now().time_since_epoch()) : nanoseconds_now();
}

int64_t trace_recorder::wall_offset() const {
  return clock_ ? manual_offset_ : wall_now() - nanoseconds_now();
}

} // namespace tandem
