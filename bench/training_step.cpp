// SPDX-License-Identifier: Apache-2.0
/// \file
/// Steps of the small language model (examples/language): milliseconds of processor time of a whole
/// step under some recipes, as a multiple of that under f32, and what an observation of all tensors
/// adds, as a share of 50 steps. On one thread and on all; recipes take turns.
/// usage: training_step [RECIPE...]
#include <algorithm>
#include <cstdint>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <lowp/training/training_recipes.hpp>

#include "../examples/language/run_monitor.hpp"
#include "../examples/language/text_source.hpp"
#include "../examples/language/trainer.hpp"

namespace {

double processor_time() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}

// A training that is on its way, and the least time of a step, plain and observed.
class timed_training {
 public:
  timed_training(const std::string& recipe, unsigned threads)
      : trainer_(setting_of(recipe), recipe_of(recipe), text(), threads), monitor_(trainer_, 2) {}

  void two_steps() {
    for (double* least : {&plain, &observed}) {
      const double start = processor_time();
      monitor_.begin_step(++step_);
      trainer_.step();
      const auto lines = monitor_.end_step(step_);
      *least = std::min(*least, processor_time() - start);
    }
  }

  double plain = 1e300, observed = 1e300;

 private:
  static language::training_setting setting_of(const std::string& recipe) {
    language::training_setting s;
    s.recipe = recipe;
    return s;
  }
  static const lowp::training_recipe& recipe_of(const std::string& name) {
    const lowp::named_training_recipe* r = lowp::find_training_recipe(name.c_str());
    if (r == nullptr) throw std::invalid_argument("there is no recipe '" + name + "'");
    return r->value;
  }
  static std::unique_ptr<language::data_source> text() {
    const std::string folder = language::licence_folder;
    return std::make_unique<language::text_source>(folder, language::read_text(folder),
                                                   language::model_shape().sequence);
  }

  language::trainer trainer_;
  language::run_monitor monitor_;
  std::uint64_t step_ = 0;
};

void measure(const std::vector<std::string>& recipes, unsigned threads) {
  std::vector<std::unique_ptr<timed_training>> all;
  for (const std::string& r : recipes) all.push_back(std::make_unique<timed_training>(r, threads));
  for (int i = 0; i < 20; ++i) {
    for (auto& t : all) t->two_steps();
  }
  fmt::print("{} thread{}\n  {:<22} {:>6} {:>6} {:>12} {:>6}\n", threads, threads == 1 ? "" : "s",
             "recipe", "ms", "by f32", "observed, ms", "of 50");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const timed_training& t = *all[i];
    fmt::print("  {:<22} {:6.1f} {:6.2f} {:12.1f} {:5.2f}%\n", recipes[i], t.plain,
               t.plain / all[0]->plain, t.observed, (t.observed - t.plain) / t.plain / 50 * 100);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (recipes[i] != "mxfp8") continue;
    fmt::print("mxfp8: {:.2f}, to be at most 1.5\n", all[i]->plain / all[0]->plain);
  }
}

}  // namespace

int main(int argc, char** argv) try {
  std::vector<std::string> recipes{"f32"};
  recipes.insert(recipes.end(), argv + 1, argv + argc);
  if (argc == 1) recipes.insert(recipes.end(), {"bf16", "fp8_delayed", "mxfp8", "mxfp4", "nvfp4"});
  const unsigned most = std::max(1u, std::thread::hardware_concurrency());
  measure(recipes, 1);
  if (most > 1) measure(recipes, most);
} catch (const std::exception& e) {
  fmt::print(stderr, "training_step: {}\n", e.what());
  return 2;
}
