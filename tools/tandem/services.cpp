#include "services.hpp"

namespace tandem::cli {

const std::vector<service_description>& service_descriptions() {
  static const std::vector<service_description> result{
    {"echo", "gives each payload back"},
    {"word count", "takes lines of text, one a payload; gives \"so far: lines L words W bytes B\" now and then, at "
                   "the end \"lines L words W bytes B\" and the ten most frequent words, each as \"COUNT WORD\""},
    {"hash", "takes a stream of bytes; gives its SHA-256, in hexadecimal digits"},
    {"range", "takes \"N\" or \"FROM TO\"; gives the whole numbers from 1 to N, or from FROM to TO, one a payload"},
    {"sleep", "takes a duration such as 250ms or 2s; gives \"slept 250ms\" when it is over"},
    {"fail", "takes a text; fails with it"},
  };
  return result;
}

std::shared_ptr<method_table> make_services(const service_tools& tools) {
  auto result = std::make_shared<method_table>();
  result->add("echo", make_echo_service());
  result->add("word count", make_word_count_service());
  result->add("hash", make_hash_service());
  result->add("range", make_range_service());
  result->add("sleep", make_sleep_service(tools.clock));
  result->add("fail", make_fail_service());
  return result;
}

} // namespace tandem::cli
