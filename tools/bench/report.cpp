#include "report.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <thread>

namespace tandem::bench {

namespace {

std::string unit_name(unit x) {
  switch (x) {
    case unit::operations_per_second:
      return "1/s";
    case unit::mebibytes_per_second:
      return "MiB/s";
    case unit::microseconds:
      return "us";
    case unit::bytes:
      return "bytes";
    case unit::nanoseconds:
      return "ns";
  }
  return {};
}

double median(std::vector<double> x) {
  std::sort(x.begin(), x.end());
  const size_t middle = x.size() / 2;
  return x.size() % 2 == 1 ? x[middle] : (x[middle - 1] + x[middle]) / 2;
}

std::string number(double x) {
  char text[64];
  std::snprintf(text, sizeof text, x >= 100 ? "%.0f" : x >= 10 ? "%.1f" : "%.2f", x);
  return text;
}

std::string cell(const nlohmann::json& row, const std::string& key) {
  return row.contains(key) ? number(row[key].get<double>()) : "";
}

} // namespace

nlohmann::json as_json(const std::vector<comparison>& list, const figures& measured) {
  auto result = nlohmann::json::array();
  for (const auto& x : list) {
    auto of = measured.find(x.name);
    if (of == measured.end())
      continue;
    nlohmann::json row{{"name", x.name}, {"unit", unit_name(x.measured_in)}};
    for (const auto& [name, values] : of->second) {
      std::string key = name;
      std::replace(key.begin(), key.end(), ' ', '_');
      const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
      row[key] = median(values);
      row[key + "_min"] = *least;
      row[key + "_max"] = *greatest;
    }
    for (const char* other : {"grpc", "plain_caf", "asio"})
      if (row.contains(other) && row.contains("tandem") && row[other].get<double>() > 0)
        row[std::string{"ratio_to_"} + other] = row["tandem"].get<double>() / row[other].get<double>();
    result.push_back(std::move(row));
  }
  return result;
}

std::string as_table(const nlohmann::json& results) {
  std::string text = "| | unit | Tandem | min..max | gRPC C++ | ratio | plain CAF | ratio | Asio | ratio |\n"
                     "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n";
  for (const auto& row : results)
    text += "| " + row["name"].get<std::string>() + " | " + row["unit"].get<std::string>() + " | " + cell(row, "tandem")
            + " | " + cell(row, "tandem_min") + ".." + cell(row, "tandem_max") + " | " + cell(row, "grpc") + " | "
            + cell(row, "ratio_to_grpc") + " | " + cell(row, "plain_caf") + " | " + cell(row, "ratio_to_plain_caf")
            + " | " + cell(row, "asio") + " | " + cell(row, "ratio_to_asio") + " |\n";
  return text;
}

std::string machine() {
  std::string processor = "unknown processor";
  std::ifstream info{"/proc/cpuinfo"};
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) {
      processor = line.substr(line.find(':') + 2);
      break;
    }
  }
  return processor + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores, CAF " BENCH_WITH_CAF
         + ", gRPC " BENCH_WITH_GRPC + ", " + BENCH_COMPILER;
}

} // namespace tandem::bench
