#include "service_input.hpp"
#include "services.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tandem::cli {

namespace {

constexpr uint64_t lines_between_reports = 1000;
/// People cannot read faster, and every report costs the front's customer code a call.
constexpr auto time_between_reports = std::chrono::milliseconds(100);
constexpr size_t most_frequent = 10;
/// A stream of ever new words must not fill the memory.
constexpr size_t most_words = 100'000;

constexpr bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Letters and digits; bytes of other alphabets' letters too.
bool belongs_to_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Without the punctuation around it and in lower case, as people mean when they ask for frequent words.
std::string normalized(std::string_view word) {
  while (!word.empty() && !belongs_to_word(word.front()))
    word.remove_prefix(1);
  while (!word.empty() && !belongs_to_word(word.back()))
    word.remove_suffix(1);
  std::string result{word};
  for (char& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

class counter {
public:
  /// A line without its newline, which is counted all the same, as wc does. Newlines within begin further lines.
  void add(std::string_view line) {
    lines_ += 1 + static_cast<uint64_t>(std::count(line.begin(), line.end(), '\n'));
    bytes_ += line.size() + 1;
    auto rest = line.begin();
    for (;;) {
      const auto begin = std::find_if_not(rest, line.end(), is_space);
      if (begin == line.end())
        return;
      rest = std::find_if(begin, line.end(), is_space);
      add_word({begin, rest});
    }
  }

  uint64_t lines() const {
    return lines_;
  }

  std::string totals() const {
    return "lines " + std::to_string(lines_) + " words " + std::to_string(words_) + " bytes " + std::to_string(bytes_);
  }

  /// The most frequent words, equally frequent ones in alphabetic order.
  std::vector<std::string> frequent_words() const {
    std::vector<std::pair<std::string_view, uint64_t>> all{counts_.begin(), counts_.end()};
    const auto end = all.begin() + static_cast<ptrdiff_t>(std::min(most_frequent, all.size()));
    std::partial_sort(all.begin(), end, all.end(), [](const auto& x, const auto& y) {
      return x.second != y.second ? x.second > y.second : x.first < y.first;
    });
    std::vector<std::string> result;
    for (auto x = all.begin(); x != end; ++x)
      result.push_back(std::to_string(x->second) + " " + std::string{x->first});
    return result;
  }

private:
  void add_word(std::string_view word) {
    ++words_;
    auto text = normalized(word);
    if (text.empty())
      return;
    if (const auto known = counts_.find(text); known != counts_.end())
      ++known->second;
    else if (counts_.size() < most_words)
      counts_.emplace(std::move(text), 1);
  }

  uint64_t lines_ = 0;
  uint64_t words_ = 0;
  uint64_t bytes_ = 0;
  std::unordered_map<std::string, uint64_t> counts_;
};

class word_count final : public consumer {
public:
  explicit word_count(output_consumer output) : output_(std::move(output)) {
  }

  void consume(payload content) override {
    static const std::string usage = "word count takes lines of text, one a payload";
    counts_.add(text_of(content, usage));
    if (counts_.lines() >= next_report_)
      report();
  }

  void terminate() override {
    output_.consume(make_payload(counts_.totals()));
    for (auto& word : counts_.frequent_words())
      output_.consume(make_payload(std::move(word)));
    output_.terminate();
  }

  void consume_and_terminate(payload content) override {
    consume(std::move(content));
    terminate();
  }

private:
  using clock = std::chrono::steady_clock;

  void report() {
    next_report_ = counts_.lines() - counts_.lines() % lines_between_reports + lines_between_reports;
    const auto now = clock::now();
    if (now - last_report_ < time_between_reports)
      return;
    last_report_ = now;
    output_.consume(make_payload("so far: " + counts_.totals()));
  }

  output_consumer output_;
  counter counts_;
  uint64_t next_report_ = lines_between_reports;
  clock::time_point last_report_ = clock::now() - time_between_reports;
};

} // namespace

method_table::method make_word_count_service() {
  return [](const operation_context&, const output_consumer& output) { return std::make_shared<word_count>(output); };
}

} // namespace tandem::cli
