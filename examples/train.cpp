// SPDX-License-Identifier: Apache-2.0
// Trains a small language model of bytes in emulated number formats: ./run train --recipe mxfp8
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#ifdef LOWP_EXAMPLE_MPI
#include <mpi.h>

#include <lowp/mpi.hpp>
#endif

#include "language/checkpoint.hpp"
#include "language/post_training.hpp"
#include "language/safe_file.hpp"
#include "language/setting_json.hpp"
#include "language/task_source.hpp"
#include "language/text_source.hpp"
#include "language/training_loop.hpp"

namespace {

using namespace language;

struct arguments {
  training_setting setting;
  loop_options loop;
  std::string text = licence_folder, task;
  unsigned threads = 0;
  std::vector<std::string> formats;  // of an evaluation
  bool list = false, share = false;
};

void list() {
  fmt::print("recipes:\n");
  for (const lowp::named_training_recipe& r : lowp::all_training_recipes) {
    fmt::print("  {:<24} {}\n", r.name, r.description);
  }
  fmt::print("tasks:\n");
  for (const task& t : all_tasks) {
    fmt::print("  {:<24} {} (guessing: {:.2f})\n", t.name, t.description, t.guessing);
  }
}

std::unique_ptr<data_source> data_of(const arguments& a) {
  const std::size_t sequence = a.setting.shape.sequence;
  if (a.task.empty()) {
    return std::make_unique<text_source>(a.text, read_text(a.text), sequence);
  }
  const task* t = find_task(a.task.c_str());
  if (t == nullptr) throw std::invalid_argument("task: there is no '" + a.task + "'; see --list");
  return std::make_unique<task_source>(*t, sequence);
}

// What is written is another file than what is read, and is not read as text when the run goes on.
void check_files(const arguments& a) {
  namespace fs = std::filesystem;
  const auto is_same = [](const fs::path& x, const fs::path& y) {
    return fs::weakly_canonical(x) == fs::weakly_canonical(y);
  };
  const auto apart = [&](const char* name, const std::string& file, const char* other_name,
                         const std::string& other) {
    if (file.empty() || other.empty() || !is_same(file, other)) return;
    throw std::invalid_argument(
        fmt::format("{}: '{}' is the file of --{} too", name, file, other_name));
  };
  apart("json", a.loop.json, "checkpoint", a.loop.checkpoint);
  if (!a.task.empty()) return;
  for (const auto& [name, file] :
       {std::pair("json", a.loop.json), {"checkpoint", a.loop.checkpoint}}) {
    apart(name, file, "text", a.text);
    if (file.empty() || !is_same(fs::absolute(file).parent_path(), a.text)) continue;
    throw std::invalid_argument(fmt::format("{}: '{}' lies in the folder of --text", name, file));
  }
}

const lowp::named_training_recipe& recipe_of(const arguments& a) {
  const lowp::named_training_recipe* recipe = lowp::find_training_recipe(a.setting.recipe.c_str());
  if (recipe == nullptr) {
    throw std::invalid_argument("recipe: there is no '" + a.setting.recipe + "'; see --list");
  }
  a.setting.shape.check();
  return *recipe;
}

trainer trainer_of(const arguments& a, lowp::transport* ranks = nullptr) {
  const lowp::training_recipe& named = recipe_of(a).value;
  return {a.setting, a.setting.exact ? with_exact_sums(named) : named, data_of(a), a.threads,
          ranks};
}

int train(const arguments& a, lowp::transport* ranks = nullptr) {
  trainer t = trainer_of(a, ranks);
  if (t.is_first()) {
    const lowp::named_training_recipe& recipe = recipe_of(a);
    fmt::print("{}: {}\n{} parameters, {} tokens in a step, {} steps on {}\n", recipe.name,
               recipe.description, t.model().size(), a.setting.batch * a.setting.shape.sequence,
               a.setting.steps, t.data().name());
    std::fflush(stdout);
  }
  loop_options how = a.loop;
  if (ranks != nullptr) how.monitor_every = 0;  // a rank sees its part alone
  const loop_result r = run(t, how);
  if (!r.failure.empty()) {
    fmt::print(stderr, "train: {}\n", r.failure);
    return 3;
  }
  if (t.is_first() && r.steps == 0) {
    fmt::print("all {} steps were done before: held out {:.4f}, digest {:016x}\n", t.state().step,
               r.held_out, t.model().digest());
  } else if (t.is_first()) {
    fmt::print("loss {:.4f}, held out {:.4f}, {} steps in {:.1f} s, digest {:016x}\n", r.loss,
               r.held_out, r.steps, r.seconds, t.model().digest());
  }
  return 0;
}

// Its record: the setting of the run, then a line for each choice of formats.
void write_evaluations(const std::string& path, trainer& t, const std::vector<evaluation>& all) {
  if (path.empty()) return;
  std::string lines =
      nlohmann::ordered_json{{"setting", as_json(t.setting(), t.data())}}.dump() + '\n';
  for (const evaluation& e : all) {
    const nlohmann::ordered_json line{{"kind", "evaluation"},
                                      {"weights", e.formats.weights},
                                      {"activations", e.formats.activations},
                                      {"cache", e.formats.cache},
                                      {"weight_bits", e.weight_bits},
                                      {"activation_bits", e.activation_bits},
                                      {"cache_bits", e.cache_bits},
                                      {"head_weight_bits", e.head_weight_bits},
                                      {"head_activation_bits", e.head_activation_bits},
                                      {"loss", e.loss},
                                      {"perplexity", e.perplexity()},
                                      {"logit_error", e.logit_error}};
    lines += line.dump() + '\n';
  }
  replace_file(path, lines);
}

int evaluate_formats(const arguments& a) {
  const std::vector<format_choice> choices = choices_of(a.formats, "evaluate");
  trainer t = trainer_of(a);
  read_checkpoint(a.loop.checkpoint, t);
  const std::vector<evaluation> all = evaluate(t, choices);
  fmt::print("{:<16} {:<16} {:<16} {:>6} {:>6} {:>6} {:>8} {:>10} {:>12}\n", "weights",
             "activations", "cache", "bits w", "a", "c", "loss", "perplexity", "logit error");
  for (const evaluation& e : all) {
    fmt::print("{:<16} {:<16} {:<16} {:>6.2f} {:>6.2f} {:>6.2f} {:>8.4f} {:>10.4f} {:>12.3e}\n",
               e.formats.weights, e.formats.activations, e.formats.cache, e.weight_bits,
               e.activation_bits, e.cache_bits, e.loss, e.perplexity(), e.logit_error);
  }
  write_evaluations(a.loop.json, t, all);
  return 0;
}

#ifdef LOWP_EXAMPLE_MPI
int train_together(const arguments& a) {
  MPI_Init(nullptr, nullptr);
  int status = 2;
  try {
    lowp::mpi_transport ranks(MPI_COMM_WORLD);
    status = train(a, &ranks);
  } catch (const std::exception& e) {
    const bool names_option = dynamic_cast<const std::invalid_argument*>(&e) != nullptr;
    fmt::print(stderr, "train: {}{}\n", names_option ? "--" : "", e.what());
    std::fflush(stderr);
    MPI_Abort(MPI_COMM_WORLD, status);  // others would wait for this one
  }
  MPI_Finalize();
  return status;
}
#else
int train_together(const arguments&) {
  throw std::runtime_error("--share: this program was built without MPI");
}
#endif

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Trains a small LLaMA-shaped language model of bytes in emulated number formats");
  arguments a;
  a.loop.monitor_every = 50;
  training_setting& s = a.setting;
  const auto positive = CLI::Range(1, 100000000);
  app.add_option("--recipe", s.recipe, "how it is trained; see --list")->capture_default_str();
  auto* text = app.add_option("--text", a.text, "file, or folder of files, to learn from")
                   ->capture_default_str();
  app.add_option("--task", a.task, "a synthetic task instead; see --list")->excludes(text);
  app.add_option("--steps", s.steps, "of the whole training")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--seed", s.seed, "of all random numbers")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--threads", a.threads, "0: as many as the machine has")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  app.add_option("--layers", s.shape.layers)->check(positive)->capture_default_str();
  app.add_option("--width", s.shape.width)->check(positive)->capture_default_str();
  app.add_option("--heads", s.shape.heads)->check(positive)->capture_default_str();
  app.add_option("--sequence", s.shape.sequence, "tokens")->check(positive)->capture_default_str();
  app.add_option("--batch", s.batch, "sequences in a step")->check(positive)->capture_default_str();
  app.add_option("--rate", s.optimiser.rate, "of learning, the greatest")->capture_default_str();
  app.add_option("--warm-up", s.optimiser.warm_up, "steps until the rate is reached")
      ->check(CLI::Range(0, 100000000))
      ->capture_default_str();
  auto* file = app.add_option("--checkpoint", a.loop.checkpoint, "file to go on from after a kill");
  app.add_option("--every", a.loop.every, "steps between checkpoints")
      ->check(positive)
      ->capture_default_str();
  app.add_flag("--resume", a.loop.resume, "go on from the checkpoint")->needs(file);
  app.add_option("--json", a.loop.json, "record of all steps, a line of JSON each");
  app.add_option("--check-every", a.loop.check_every, "steps between losses on held-out text")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--monitor", a.loop.monitor_every,
                 "steps between statistics of all operands in the record, with signs of "
                 "divergence; 0: none")
      ->check(CLI::Range(0, 100000000))
      ->capture_default_str();
  app.add_option(
         "--evaluate", a.formats,
         "no training: the model of the checkpoint with weights, activations or the cache of keys "
         "and values in each of these formats, or in those of WEIGHTS:ACTIVATIONS:CACHE (nothing: "
         "as they are), as a table")
      ->delimiter(',')
      ->needs(file);
  auto* exact = app.add_flag("--exact", s.exact, "exact sums, in slices that ranks can share");
  app.add_flag("--share", a.share,
               "the processes of mpirun (1, 2 or 4) share each batch, without statistics")
      ->needs(exact);
  app.add_flag("--list", a.list, "recipes and tasks");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  try {
    if (a.list) return list(), 0;
    check_files(a);
    if (a.share) return train_together(a);
    return a.formats.empty() ? train(a) : evaluate_formats(a);
  } catch (const std::invalid_argument& e) {
    fmt::print(stderr, "train: --{}\n", e.what());
    return 2;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "train: the memory is not enough for this model and batch\n");
    return 2;
  } catch (const std::exception& e) {
    fmt::print(stderr, "train: {}\n", e.what());
    return 2;
  }
}
