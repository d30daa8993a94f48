// SPDX-License-Identifier: Apache-2.0
#include "run_monitor.hpp"

#include <cstddef>
#include <fstream>
#include <limits>

#include <lowp/training/training_recipes.hpp>

namespace language {

namespace {

using json = nlohmann::ordered_json;

// Counts by exponent, those that are not zero.
json histogram(const lowp::exponent_histogram& h) {
  json out = json::object();
  for (int e = lowp::exponent_histogram::least; e <= lowp::exponent_histogram::greatest; ++e) {
    if (h[e] != 0) out[std::to_string(e)] = h[e];
  }
  if (h.zeros != 0) out["zeros"] = h.zeros;
  if (h.not_finite != 0) out["not_finite"] = h.not_finite;
  return out;
}

// Numbers that are not finite become null. The sums are what `recall` needs.
void add(json& line, const lowp::tensor_statistics& s) {
  line["numbers"] = s.numbers;
  line["zeros"] = s.zeros;
  line["not_finite"] = s.not_finite;
  line["lost"] = s.lost;
  line["saturated"] = s.saturated;
  line["underflowed"] = s.underflowed;
  line["amax"] = s.amax;
  line["fill"] = s.fill;
  line["crest"] = s.crest();
  line["sqnr"] = s.squared_errors == 0 ? json() : json(s.sqnr());
  line["mean_relative_error"] = s.mean_relative_error();
  line["greatest_relative_error"] = s.greatest_relative;
  line["cosine"] = s.cosine();
  line["signal_to_error"] = s.signal_to_error();
  line["squares"] = s.squares;
  line["squared_errors"] = s.squared_errors;
  line["exponents"] = histogram(s.exponents);
  line["scales"] = histogram(s.scales);
}

template <class Number>
void read(const json& line, const char* name, Number& to) {
  const json& value = line.at(name);
  to = value.is_null() ? std::numeric_limits<Number>::infinity() : value.get<Number>();
}

// As much of statistics as a watch looks at.
lowp::tensor_statistics statistics_in(const json& line) {
  lowp::tensor_statistics s;
  line.at("numbers").get_to(s.numbers);
  line.at("zeros").get_to(s.zeros);
  line.at("not_finite").get_to(s.not_finite);
  line.at("lost").get_to(s.lost);
  line.at("saturated").get_to(s.saturated);
  line.at("underflowed").get_to(s.underflowed);
  read(line, "amax", s.amax);
  read(line, "fill", s.fill);
  read(line, "squares", s.squares);
  read(line, "squared_errors", s.squared_errors);
  s.scales.zeros = line.at("scales").empty() ? 0 : 1;  // whether there are any
  return s;
}

lowp::tensor_role role_named(const std::string& name) {
  using enum lowp::tensor_role;
  for (const lowp::tensor_role r : {activations, weights}) {
    if (name == lowp::name_of(r)) return r;
  }
  return gradients;
}

}  // namespace

run_monitor::run_monitor(trainer& t, std::uint64_t every)
    : trainer_(t), every_(every), seen_({t.threads().threads(), t.threads().pool()}) {
  t.model().for_each_linear(
      [&](linear_layer& l) { names_[l.products().tensor()] = l.weight().name; });
}

json run_monitor::head() const {
  const std::string& name = trainer_.setting().recipe;
  const lowp::named_training_recipe* r = lowp::find_training_recipe(name.c_str());
  return {{"kind", "recipe"},
          {"recipe", name},
          {"description", r != nullptr ? r->description : ""},
          {"source", r != nullptr ? r->source : ""}};
}

void run_monitor::begin_step(std::uint64_t step) {
  trainer_.observe(every_ != 0 && step % every_ == 0 ? &seen_ : nullptr);
}

std::vector<lowp::divergence_signal> run_monitor::watch(const std::string& tensor,
                                                        const std::string& product,
                                                        const std::string& operand,
                                                        lowp::tensor_role role, std::uint64_t step,
                                                        const lowp::tensor_statistics& s) {
  return watch_.observe(tensor + ' ' + product + ' ' + operand, role, step, s);
}

std::vector<json> run_monitor::end_step(std::uint64_t step) {
  std::vector<json> lines;
  for (const lowp::monitored_operand& o : seen_.take()) {
    const std::string &tensor = names_[o.tensor], product = lowp::name_of(o.product),
                      operand = o.is_b ? "b" : "a";
    const lowp::tensor_role role = lowp::role_of(o.product, o.is_b);
    json& line = lines.emplace_back(json{{"kind", "tensor"},
                                         {"step", step},
                                         {"tensor", tensor},
                                         {"product", product},
                                         {"operand", operand},
                                         {"role", lowp::name_of(role)}});
    add(line, o.statistics);
    for (const auto& s : watch(tensor, product, operand, role, step, o.statistics)) {
      lines.push_back({{"kind", "signal"},
                       {"step", step},
                       {"tensor", tensor},
                       {"product", product},
                       {"operand", operand},
                       {"rule", s.rule->name},
                       {"severity", lowp::name_of(s.rule->severity)},
                       {"cause", s.rule->cause},
                       {"value", s.value},
                       {"before", s.before},
                       {"slope", s.of_window.slope},
                       {"z", s.of_window.z},
                       {"by_trend", s.by_trend}});
    }
  }
  return lines;
}

void run_monitor::recall(const json& line) {
  if (!line.is_object() || line.value("kind", "") != "tensor") return;
  watch(line.at("tensor"), line.at("product"), line.at("operand"), role_named(line.at("role")),
        line.at("step"), statistics_in(line));
}

void run_monitor::recall_record(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  for (std::string text; std::getline(in, text);) recall(json::parse(text, nullptr, false));
}

}  // namespace language
