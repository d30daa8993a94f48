// SPDX-License-Identifier: Apache-2.0
#include "checkpoint.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <lowp/simd/crc32c.hpp>

#include "safe_file.hpp"
#include "setting_json.hpp"

namespace language {

namespace {

using json = nlohmann::ordered_json;

constexpr std::string_view magic("lowpLM\0\1", 8);

void append(std::string& to, std::uint64_t x, int bytes) {
  for (int i = 0; i < bytes; ++i) to.push_back(static_cast<char>(x >> 8 * i & 0xff));
}
std::uint64_t number_at(std::string_view from, std::size_t at, int bytes) {
  std::uint64_t x = 0;
  for (int i = 0; i < bytes; ++i) {
    x |= std::uint64_t{static_cast<unsigned char>(from[at + static_cast<std::size_t>(i)])} << 8 * i;
  }
  return x;
}
std::uint32_t checksum(std::string_view bytes) {
  return lowp::simd::crc32c(reinterpret_cast<const std::byte*>(bytes.data()), bytes.size());
}

// Numbers of a checkpoint, one after the other.
class number_reader {
 public:
  explicit number_reader(std::string_view bytes) : bytes_(bytes) {}
  float next() {
    if (at_ + 4 > bytes_.size()) throw checkpoint_error("has fewer numbers than its header says");
    at_ += 4;
    return std::bit_cast<float>(static_cast<std::uint32_t>(number_at(bytes_, at_ - 4, 4)));
  }
  bool is_at_end() const { return at_ == bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

json shapes_of(trainer& t) {
  json tensors = json::array();
  for (const parameter& p : t.model().parameters()) {
    tensors.push_back({{"name", p.name}, {"rows", p.value.rows()}, {"columns", p.value.cols()}});
  }
  return tensors;
}

json header_of(trainer& t) {
  const training_state& s = t.state();
  json layers = json::array();
  t.model().for_each_linear([&](linear_layer& l) {
    json operands = json::array();
    for (const lowp::scale_state& o : l.products().state().operand) {
      operands.push_back({{"step", o.step}, {"history", o.history.size()}});
    }
    layers.push_back(std::move(operands));
  });
  return {{"setting", as_json(t.setting(), t.data())},
          {"state",
           {{"step", s.step},
            {"updates", s.updates},
            {"loss_scale", std::bit_cast<std::uint32_t>(s.loss.scale)},
            {"good_steps", s.loss.good_steps}}},
          {"tensors", shapes_of(t)},
          {"layers", std::move(layers)}};
}

// Of the same run? Says the first member that is not the same.
void compare_settings(const json& there, const json& here) {
  for (const auto& [name, value] : here.items()) {
    if (!there.contains(name)) throw checkpoint_error("does not say its " + name);
    if (there[name] != value) {
      throw checkpoint_error("is of another run: " + name + " is " + there[name].dump() +
                             " there, " + value.dump() + " here");
    }
  }
}

// All that a checkpoint changes, read before anything does.
struct content {
  training_state state;
  std::vector<std::array<matrix, 3>> tensors;
  std::vector<lowp::linear_state> layers;
};

content content_of(std::string_view file, trainer& t) {
  if (file.size() < magic.size() || file.substr(0, magic.size()) != magic) {
    throw checkpoint_error("is no checkpoint of this program: it does not begin as one");
  }
  constexpr std::size_t before_header = 16, after_numbers = 4;
  if (file.size() < before_header + after_numbers) throw checkpoint_error("is cut short");
  const std::uint64_t length = number_at(file, 8, 8);
  if (length > file.size() - before_header - after_numbers) throw checkpoint_error("is cut short");
  if (checksum(file.substr(0, file.size() - after_numbers)) !=
      number_at(file, file.size() - after_numbers, 4)) {
    throw checkpoint_error("is damaged or cut short: its checksum is another");
  }
  const json header = json::parse(file.substr(before_header, length));
  compare_settings(header.at("setting"), as_json(t.setting(), t.data()));
  if (header.at("tensors") != shapes_of(t)) {
    throw checkpoint_error("has other tensors than this model");
  }

  content c;
  const json& state = header.at("state");
  state.at("step").get_to(c.state.step);
  state.at("updates").get_to(c.state.updates);
  c.state.loss.scale = std::bit_cast<float>(state.at("loss_scale").get<std::uint32_t>());
  state.at("good_steps").get_to(c.state.loss.good_steps);
  if (c.state.step > t.setting().steps || c.state.updates > c.state.step) {
    throw checkpoint_error("has done more steps than there are");
  }

  const std::size_t first = before_header + length;
  number_reader numbers(file.substr(first, file.size() - after_numbers - first));
  for (const parameter& p : t.model().parameters()) {
    auto& tensor = c.tensors.emplace_back();
    for (matrix& m : tensor) {
      m.resize(p.value.rows(), p.value.cols());
      for (Eigen::Index i = 0; i < m.size(); ++i) m.data()[i] = numbers.next();
    }
  }
  const json& layers = header.at("layers");
  std::size_t count = 0;
  t.model().for_each_linear([&](linear_layer&) { ++count; });
  if (layers.size() != count) throw checkpoint_error("has other layers than this model");
  for (const json& layer : layers) {
    lowp::linear_state& s = c.layers.emplace_back();
    if (layer.size() != s.operand.size()) throw checkpoint_error("has a layer of other operands");
    for (std::size_t o = 0; o < s.operand.size(); ++o) {
      layer[o].at("step").get_to(s.operand[o].step);
      const auto history = layer[o].at("history").get<std::uint64_t>();
      if (history > lowp::most_history) throw checkpoint_error("has a history that is too long");
      s.operand[o].scale = numbers.next();
      s.operand[o].amax = numbers.next();
      for (std::uint64_t i = 0; i < history; ++i) s.operand[o].history.push_back(numbers.next());
    }
  }
  if (!numbers.is_at_end()) throw checkpoint_error("has more numbers than its header says");
  return c;
}

}  // namespace

void write_checkpoint(const std::string& path, trainer& t) {
  const std::string header = header_of(t).dump();
  std::string file(magic);
  append(file, header.size(), 8);
  file += header;
  const auto add = [&](float x) { append(file, std::bit_cast<std::uint32_t>(x), 4); };
  for (const parameter& p : t.model().parameters()) {
    for (const matrix* m : {&p.value, &p.first_moment, &p.second_moment}) {
      for (Eigen::Index i = 0; i < m->size(); ++i) add(m->data()[i]);
    }
  }
  t.model().for_each_linear([&](linear_layer& l) {
    for (const lowp::scale_state& o : l.products().state().operand) {
      add(o.scale), add(o.amax);
      for (const float amax : o.history) add(amax);
    }
  });
  append(file, checksum(file), 4);
  replace_file(path, file);
}

void read_checkpoint(const std::string& path, trainer& t) {
  const std::string file = read_file(path);
  content c;
  try {
    c = content_of(file, t);
  } catch (const checkpoint_error& e) {
    throw checkpoint_error(path + ' ' + e.what());
  } catch (const nlohmann::json::exception& e) {
    throw checkpoint_error(path + " has a header that cannot be read: " + e.what());
  }
  t.state() = c.state;
  auto tensor = c.tensors.begin();
  for (parameter& p : t.model().parameters()) {
    p.value = std::move((*tensor)[0]);
    p.first_moment = std::move((*tensor)[1]);
    p.second_moment = std::move((*tensor)[2]);
    ++tensor;
  }
  auto layer = c.layers.begin();
  t.model().for_each_linear([&](linear_layer& l) { l.products().state() = std::move(*layer++); });
}

}  // namespace language
