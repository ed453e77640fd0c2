#include "case_log.hpp"

#include <algorithm>
#include <cstdlib>

namespace tandem_test {

namespace {

std::string on_one_line(std::string text) {
  std::replace_if(
    text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n'; }, ' ');
  return text;
}

} // namespace

case_log::case_log() {
  if (const auto* path = std::getenv("TANDEM_CASE_LOG"))
    out_.open(path, std::ios::app);
}

void case_log::begin(const std::string& name) {
  name_ = on_one_line(name);
  began_ = std::chrono::steady_clock::now();
  out_ << "begun\t" << name_ << std::endl; // at once: nothing more may come
}

void case_log::pass() {
  end("passed", {});
}

void case_log::fail() {
  end("failed", {});
}

void case_log::skip(const std::string& reason) {
  end("skipped", on_one_line(reason));
}

void case_log::end(const std::string& outcome, const std::string& reason) {
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - began_;
  out_ << outcome << '\t' << name_ << '\t' << taken.count() << '\t' << reason << std::endl;
}

} // namespace tandem_test
