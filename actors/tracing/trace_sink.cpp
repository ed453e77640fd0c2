#include "trace_sink.hpp"

#include <algorithm>
#include <utility>

#ifdef __linux__
#  include <sys/resource.h>
#  include <sys/syscall.h>
#  include <unistd.h>
#endif

namespace tandem {

namespace {

/// So that a reader of a growing trace sees soon what happened.
constexpr auto time_between_flushes = std::chrono::milliseconds(200);

/// When all processors are busy, operations come before their records: this thread gets a tenth of the time of other
/// threads.
void give_way() noexcept {
#ifdef __linux__
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), 10); // Linux's threads have their own
#endif
}

/// The bytes that a waiting record keeps in memory beside itself.
uint64_t bytes_of(const captured& x) {
  uint64_t result = x.payload ? wire_size(*x.payload) : 0;
  if (x.more)
    result += sizeof *x.more + x.more->details.size() + x.more->text.size() + (x.more->name ? x.more->name->size() : 0);
  return result;
}

} // namespace

void fill(trace_entry& to, const captured& from, const payload_policy& payloads) {
  static const captured::rest nothing;
  const auto& rest = from.more ? *from.more : nothing;
  to.event = from.event;
  to.side = from.side;
  to.kind = from.kind;
  to.ended = from.ended;
  to.monotonic_ns = from.monotonic_ns;
  to.operation = from.operation;
  to.sequence_number = from.sequence_number;
  to.name = rest.name;
  to.subscription = rest.subscription;
  to.trace_id = rest.trace_id;
  to.timeout = rest.timeout;
  to.allowed = from.allowed;
  to.maximum_timeout = rest.maximum_timeout;
  to.parent = rest.parent;
  to.details = rest.details;
  to.peer = rest.peer;
  to.text = rest.text;
  to.began_ns = rest.began_ns;
  to.took_ns = rest.took_ns;
  to.payload.reset();
  to.payload_size = 0;
  if (from.forgotten) {
    to.payload_size = *from.forgotten;
    auto& payload = to.payload.emplace();
    payload.json = R"({"type":"unknown","size":)" + std::to_string(*from.forgotten) + "}";
    payload.missing = "capture";
  }
  if (!from.payload)
    return;
  to.payload_size = wire_size(*from.payload);
  to.payload = payloads.write(*from.payload, to.payload_size, from.payload_bytes);
}

std::shared_ptr<trace_sink> trace_sink::open(const recording_options& options, trace_header header) {
  static std::mutex mutex;
  static std::vector<std::weak_ptr<trace_sink>> open_sinks;
  // Files are made under the lock too, so that of several that begin to record into a new one only the first makes it.
  std::lock_guard guard{mutex};
  std::erase_if(open_sinks, [](const auto& x) { return x.expired(); });
  for (const auto& known : open_sinks)
    if (auto sink = known.lock(); sink && sink->writer_.writes_to(options.file) && sink->join(header))
      return sink;
  auto result = std::make_shared<trace_sink>(options, std::move(header));
  open_sinks.push_back(result);
  return result;
}

trace_sink::trace_sink(const recording_options& options, trace_header header)
  : writer_(options.file, header, {options.file_bytes, options.files}),
    options_(options),
    header_(std::move(header)),
    allowance_(static_cast<double>(options.records_per_second)),
    allowance_at_(std::chrono::steady_clock::now()) {
  thread_ = std::thread{[this] { run(); }};
}

/// False if it is over, or all have left.
bool trace_sink::join(const trace_header& header) {
  std::lock_guard guard{mutex_};
  if (users_ == 0 || over_)
    return false;
  ++users_;
  const auto side = header_.side == header.side ? header.side : std::string{};
  const auto link = header_.link == header.link ? header.link : std::string{};
  if (side != header_.side || link != header_.link) {
    header_ = header;
    header_.side = side;
    header_.link = link;
    next_header_ = header_;
  }
  return true;
}

void trace_sink::leave() noexcept {
  std::lock_guard guard{mutex_};
  --users_;
}

trace_sink::~trace_sink() {
  {
    std::lock_guard guard{mutex_};
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void trace_sink::take(captured_batch batch) {
  if (batch.records.empty())
    return;
  std::vector<uint64_t> bytes;
  bytes.reserve(batch.records.size());
  for (const auto& x : batch.records)
    bytes.push_back(bytes_of(x));
  {
    std::lock_guard guard{mutex_};
    size_t fit = 0;
    while (fit < bytes.size() && !over_.load(std::memory_order_relaxed) && waiting_records_ < options_.waiting_records
           && waiting_bytes_ + bytes[fit] <= options_.waiting_bytes) {
      ++waiting_records_;
      waiting_bytes_ += bytes[fit++];
    }
    if (const auto rest = bytes.size() - fit; rest > 0) {
      lost_.add({batch.source, batch.records.back().monotonic_ns, batch.wall_offset, rest});
      dropped_.fetch_add(rest, std::memory_order_relaxed);
      batch.records.resize(fit);
    }
    if (waiting_records_ > options_.waiting_records / 2 || waiting_bytes_ > options_.waiting_bytes / 2)
      full_until_.store(INT64_MAX, std::memory_order_relaxed);
    if (fit == 0)
      return;
    waiting_.push_back(std::move(batch));
    if (waiting_.size() > 1)
      return; // the thread knows already
  }
  changed_.notify_one();
}

void trace_sink::lose(const std::shared_ptr<const trace_source>& source, uint64_t count, int64_t monotonic_ns,
                      int64_t wall_offset) {
  dropped_.fetch_add(count, std::memory_order_relaxed);
  std::lock_guard guard{mutex_};
  lost_.add({source, monotonic_ns, wall_offset, count});
}

void trace_sink::loss::add(const loss& x) {
  const auto sum = count + x.count;
  if (x.count > 0)
    *this = x;
  count = sum;
}

void trace_sink::flush() {
  std::unique_lock lock{mutex_};
  const auto wanted = ++flushes_wanted_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return flushes_done_ >= wanted; });
}

std::string trace_sink::why_over() const {
  std::lock_guard guard{mutex_};
  return why_over_;
}

void trace_sink::stop_taking(std::string why) {
  std::lock_guard guard{mutex_};
  if (!over_)
    why_over_ = std::move(why);
  over_ = true;
}

// -- the thread -----------------------------------------------------------------------------

void trace_sink::run() {
  give_way();
  auto last_flush = std::chrono::steady_clock::now();
  bool dirty = false;
  std::unique_lock lock{mutex_};
  for (;;) {
    auto something = [&] { return !waiting_.empty() || ending_ || flushes_done_ < flushes_wanted_; };
    if (dirty)
      changed_.wait_until(lock, last_flush + time_between_flushes, something);
    else
      changed_.wait(lock, something);
    const bool last = ending_;
    const auto flushes = flushes_wanted_;
    auto batches = std::exchange(waiting_, {});
    const auto records = std::exchange(waiting_records_, 0);
    waiting_bytes_ = 0;
    full_until_.store(0, std::memory_order_relaxed);
    const bool wants_flush = last || flushes > flushes_done_;
    const auto lost = std::exchange(lost_, {});
    const auto header = std::exchange(next_header_, std::nullopt);
    lock.unlock();
    const auto now = std::chrono::steady_clock::now();
    in_hand_ = records;
    try {
      unsaid_.add(lost);
      if (header && !has_failed_)
        writer_.begin_run(*header);
      for (const auto& batch : batches)
        write(batch);
      if (wants_flush)
        write_lost();
      dirty = !has_failed_ && (dirty || records > 0 || wants_flush);
      if (dirty && (wants_flush || now - last_flush >= time_between_flushes)) {
        writer_.flush();
        dirty = false;
        last_flush = now;
      }
    } catch (const std::exception& e) {
      stop_taking(e.what());
      has_failed_ = true;
    } catch (...) {
      stop_taking("something that is not a std::exception was thrown");
      has_failed_ = true;
    }
    dropped_.fetch_add(std::exchange(in_hand_, 0), std::memory_order_relaxed);
    batches.clear();
    lock.lock();
    flushes_done_ = flushes;
    changed_.notify_all();
    if (last && waiting_.empty())
      return;
  }
}

void trace_sink::write(const captured_batch& batch) {
  for (const auto& x : batch.records) {
    if (over_.load(std::memory_order_relaxed) || !within_rate()) {
      unsaid_.add({batch.source, x.monotonic_ns, batch.wall_offset, 1});
      dropped_.fetch_add(1, std::memory_order_relaxed);
      --in_hand_;
      continue;
    }
    write_lost();
    fill(entry_, x, batch.source->payloads);
    entry_.link = batch.source->link;
    entry_.wall_ns = entry_.monotonic_ns + batch.wall_offset;
    writer_.write(entry_);
    --in_hand_;
    if (written_.fetch_add(1, std::memory_order_relaxed) + 1 == options_.records && options_.records > 0)
      stop_taking("it has written as many records as it may, " + std::to_string(options_.records));
  }
}

/// Says in the trace that records are missing here, if that can be written.
void trace_sink::write_lost() {
  const auto lost = std::exchange(unsaid_, {});
  if (lost.count == 0 || has_failed_)
    return;
  trace_entry entry;
  entry.event = trace_event::dropped;
  entry.side = lost.source->side;
  entry.link = lost.source->link;
  entry.count = lost.count;
  entry.monotonic_ns = lost.monotonic_ns;
  entry.wall_ns = lost.monotonic_ns + lost.wall_offset;
  writer_.write(entry);
}

/// A bucket that holds a second's share of records. While it is empty, no further operations are recorded; those that
/// are recorded already may use the next second's share.
bool trace_sink::within_rate() {
  if (options_.records_per_second == 0)
    return true;
  const auto most = static_cast<double>(options_.records_per_second);
  if (allowance_ < 1) {
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> passed = now - allowance_at_;
    allowance_at_ = now;
    allowance_ = std::min(most, allowance_ + passed.count() * most);
  }
  if (allowance_ < 1) {
    const auto wait = std::chrono::duration_cast<duration>(std::chrono::duration<double>((1 - allowance_) / most));
    full_until_.store((allowance_at_ + wait).time_since_epoch().count(), std::memory_order_relaxed);
  }
  if (allowance_ < 1 - most)
    return false;
  allowance_ -= 1;
  return true;
}

} // namespace tandem
