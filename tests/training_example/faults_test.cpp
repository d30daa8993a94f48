// SPDX-License-Identifier: Apache-2.0
// Faults that are planted in a training are told by the name of the tensor and of the cause; what
// is whole is not named.
#include <functional>
#include <limits>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "../../examples/language/run_monitor.hpp"
#include "support.hpp"

using namespace language;

namespace {

using told = std::map<std::string, std::set<std::string>>;  // operands by the rule of the alarm

matrix& weight(trainer& t, const std::string& name) {
  for (parameter& p : t.model().parameters()) {
    if (p.name == name) return p.value;
  }
  FAIL("no parameter ", name);
  return t.model().parameters().front().value;
}

// Alarms of three steps with the fault, after three healthy ones, which have none.
told alarms_after(const char* recipe, const std::function<void(trainer&)>& plant) {
  training_setting s = small_setting(recipe, 6);
  trainer t = small_trainer(s);
  run_monitor monitor(t, 1);
  told all;
  for (std::uint64_t step = 1; step <= 6; ++step) {
    if (step >= 4) plant(t);
    monitor.begin_step(step);
    t.step();
    for (const auto& line : monitor.end_step(step)) {
      if (line["kind"] != "signal" || line["severity"] != "alarm") continue;
      CHECK(step >= 4);
      all[line["rule"]].insert(line["tensor"].get<std::string>() + ' ' +
                               line["product"].get<std::string>() + ' ' +
                               line["operand"].get<std::string>());
    }
  }
  return all;
}

}  // namespace

TEST_CASE("a NaN in the data is told where it comes in (MON-6)") {
  for (const char* recipe : {"f32", "bf16", "mxfp8"}) {
    CAPTURE(recipe);
    const told all = alarms_after(recipe, [](trainer& t) {
      t.model().parameters().front().value.setConstant(std::numeric_limits<float>::quiet_NaN());
    });
    CHECK(all.count("not_finite") == 1);
    CHECK(all.size() == 1);
    if (all.count("not_finite") == 1) {
      const auto& where = all.at("not_finite");
      CHECK(where.count("block0.q forward a") == 1);
      CHECK(where.count("block0.q forward b") == 0);  // the weights are whole
    }
  }
}

TEST_CASE("a tensor of zeros is told (MON-6)") {
  for (const char* recipe : {"f32", "fp8_current", "mxfp8"}) {
    CAPTURE(recipe);
    const told all = alarms_after(recipe, [](trainer& t) {
      weight(t, "block1.gate").setZero();
      weight(t, "block1.up").setZero();
    });
    CHECK(all.count("zero_tensor") == 1);
    CHECK(all.count("not_finite") == 0);
    if (all.count("zero_tensor") == 1) {
      const auto& where = all.at("zero_tensor");
      CHECK(where.count("block1.gate forward b") == 1);
      CHECK(where.count("block1.up forward b") == 1);
      CHECK(where.count("block1.down forward a") == 1);  // what follows from it
      CHECK(where.count("block1.down forward b") == 0);
      CHECK(where.count("block0.gate forward b") == 0);
    }
  }
}

TEST_CASE("overflow is told: to infinities, and to the greatest number (MON-6)") {
  const auto plant = [](trainer& t) { weight(t, "block1.gate") *= 1e8f; };
  const told infinite = alarms_after("fp16_unscaled", plant);
  CHECK(infinite.count("not_finite") == 1);
  if (infinite.count("not_finite") == 1) {
    CHECK(infinite.at("not_finite").count("block1.gate forward b") == 1);
    CHECK(infinite.at("not_finite").count("block1.up forward b") == 0);
  }
  const told saturated = alarms_after("fp8_unscaled", plant);
  CHECK(saturated.count("overflow") == 1);
  if (saturated.count("overflow") == 1) {
    CHECK(saturated.at("overflow").count("block1.gate forward b") == 1);
    CHECK(saturated.at("overflow").count("block1.up forward b") == 0);
  }
  // A factor from the numbers themselves holds them.
  CHECK(alarms_after("fp8_current", plant).count("overflow") == 0);
}

TEST_CASE("a scale that lags is told (MON-6)") {
  const auto plant = [](trainer& t) { weight(t, "block0.v") *= 8; };
  const told all = alarms_after("fp8_delayed", plant);
  CHECK(all.count("scale_lag") == 1);
  if (all.count("scale_lag") == 1) {
    CHECK(all.at("scale_lag").count("block0.v forward b") == 1);
    CHECK(all.at("scale_lag").count("block0.q forward b") == 0);
  }
  CHECK(alarms_after("fp8_current", plant).count("scale_lag") == 0);
}
