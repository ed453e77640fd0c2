/// The main function of every doctest program. Compiled once and linked into all of them.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "support/case_log.hpp"
#include "support/skip.hpp"

#include <iostream>
#include <string>

namespace {

/// Beside doctest's own reporter: writes what became of each case to the case log, and prints which were skipped.
class case_listener : public doctest::IReporter {
public:
  explicit case_listener(const doctest::ContextOptions&) {
  }

  void test_case_start(const doctest::TestCaseData& x) override {
    name_ = x.m_name;
    log_.begin(name_);
  }

  void test_case_end(const doctest::CurrentTestCaseStats& x) override {
    const auto reason = tandem_test::take_skip_reason();
    if (!x.testCaseSuccess) {
      log_.fail();
    } else if (reason) {
      log_.skip(*reason);
      std::cout << "SKIPPED: " << name_ << ": " << *reason << std::endl;
    } else {
      log_.pass();
    }
  }

  void report_query(const doctest::QueryData&) override {
  }
  void test_run_start() override {
  }
  void test_run_end(const doctest::TestRunStats&) override {
  }
  void test_case_reenter(const doctest::TestCaseData&) override {
  }
  void test_case_exception(const doctest::TestCaseException&) override {
  }
  void subcase_start(const doctest::SubcaseSignature&) override {
  }
  void subcase_end() override {
  }
  void log_assert(const doctest::AssertData&) override {
  }
  void log_message(const doctest::MessageData&) override {
  }
  void test_case_skipped(const doctest::TestCaseData&) override {
  }

private:
  tandem_test::case_log log_;
  std::string name_;
};

REGISTER_LISTENER("cases", 1, case_listener);

} // namespace
