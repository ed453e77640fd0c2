#include "chaos.hpp"
#include "../../messages/outcome_error.hpp"

#include <array>
#include <condition_variable>
#include <mutex>
#include <random>

namespace hard_times {

namespace {

constexpr size_t most_at_a_time = 32;

enum class kind : size_t { unary, stream, cancelled, expiring, unknown };
constexpr std::array names{"unary", "stream", "cancelled", "expiring", "unknown"};
constexpr std::array expected{outcome::completed, outcome::completed, outcome::cancelled, outcome::expired,
                              outcome::servicer_failure};

/// What has come of one operation.
struct echoes {
  kind what;
  std::vector<std::string> given;
  size_t came = 0; ///< of these, in order
  bool wrong = false;
};

class chaos {
public:
  explicit chaos(const front_end& front) : front_(front) {
  }

  void begin_one() {
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return running_ < most_at_a_time; });
      ++running_;
    }
    auto x = std::make_shared<echoes>(echoes{kind{random_() % names.size()}, payloads()});
    const bool expires = x->what == kind::expiring;
    const auto op = front_.operate(
      {.name = x->what == kind::unknown ? "nobody knows" : "echo",
       .timeout = expires ? duration{std::chrono::milliseconds(1 + random_() % 40)} : duration{1h},
       .subscription = full_serviced_subscription(make_consumer([x](const payload& y) {
         x->wrong = x->wrong || x->came == x->given.size() || get_payload<std::string>(y) != x->given[x->came];
         ++x->came;
       }))});
    op.handle()->attach_functor([this, x](const caf::error& reason) { ended(*x, reason); });
    for (const auto& y : x->given)
      op.consumer().consume(make_payload(y));
    if (x->what == kind::cancelled)
      op.cancel("chance wants it");
    else if (!expires)
      op.consumer().terminate();
  }

  nlohmann::json end() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return running_ == 0; });
    nlohmann::json result{{"operations", nlohmann::json::object()}, {"wrong", wrong_}};
    for (size_t i = 0; i < names.size(); ++i)
      result["operations"][names[i]] = ended_[i];
    return result;
  }

private:
  /// Mostly a few small ones, and now and then a large one.
  std::vector<std::string> payloads() {
    std::vector<std::string> result(1 + random_() % 30);
    for (auto& x : result)
      x.assign(random_() % 300, static_cast<char>('a' + random_() % 26));
    if (random_() % 50 == 0)
      result.front().assign(20'000 + random_() % 300'000, 'x');
    return result;
  }

  void ended(const echoes& x, const caf::error& reason) {
    const auto how = outcome_of(reason);
    const auto which = static_cast<size_t>(x.what);
    const bool is_whole = !x.wrong && (how != outcome::completed || x.came == x.given.size());
    std::lock_guard guard{mutex_};
    ++ended_[which];
    if ((how != expected[which] || !is_whole) && wrong_.size() < 10)
      wrong_.push_back(std::string{names[which]} + ": " + to_string(how) + ", " + std::to_string(x.came) + " of "
                       + std::to_string(x.given.size()) + (x.wrong ? ", others than given: " : ": ")
                       + details_of(reason));
    --running_;
    changed_.notify_all();
  }

  const front_end& front_;
  std::mt19937_64 random_{std::random_device{}()};
  std::mutex mutex_;
  std::condition_variable changed_;
  size_t running_ = 0;
  std::array<uint64_t, names.size()> ended_{};
  std::vector<std::string> wrong_;
};

} // namespace

nlohmann::json be_chaotic(const options& x) {
  const far_end far{x};
  chaos all{*far.front};
  std::mt19937 random{std::random_device{}()};
  const auto begun = clock_type::now();
  while (seconds_since(begun) < x.seconds) {
    all.begin_one();
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 10));
  }
  auto result = all.end();
  wait_for_idle(*far.front);
  far.link->flush(10s);
  add_counts(result, *far.link);
  return result;
}

} // namespace hard_times
