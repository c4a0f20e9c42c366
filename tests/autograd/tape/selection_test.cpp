// Parts of a model's parameters, chosen by name.
#include "autograd/ops/reduce.h"
#include "autograd/tape/parameters.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "tests/autograd/tape/coders.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

using Catch::Matchers::ContainsSubstring;
using Names = std::vector<std::string>;
using Numbers = std::vector<double>;

struct Net : tests::Coders {
  Tensor gain = Tensor::full({1}, 3, DType::f64), none = Tensor::zeros({0}, DType::f64);
  void parts(auto& visit) {
    Coders::parts(visit);
    visit("none", none);
    visit("gain", gain);
  }
  Tensor loss() const {  // every parameter has a gradient of its own
    return sum(square(encoder.weight)) + 2.0 * sum(square(encoder.bias)) + 3.0 * sum(square(decoder.weight)) +
           4.0 * sum(square(decoder.bias)) + 5.0 * sum(square(gain)) + 6.0 * sum(output);
  }
};

Names names(const Parameters& parameters) {
  Names result;
  for (size_t i = 0; i < parameters.size(); ++i) result.push_back(parameters.name(i));
  return result;
}

// Of the same tensors as the whole, which hold the memory of the pieces where the layout says.
void check_selection(const Parameters& whole, const Parameters& some) {
  const std::vector<Tensor> places = some.views(some.numbers());
  int64_t end = 0;
  for (const Parameters::Piece& piece : some.pieces()) {
    CHECK(piece.begin == end);
    CHECK(piece.memory.block() == whole.flat().block());
    end = piece.end();
  }
  CHECK(some.buffer().numel() == end);
  for (size_t i = 0; i < some.size(); ++i) {
    CHECK(places[i].to_vector() == some[i].to_vector());
    bool found = false;
    for (size_t k = 0; k < whole.size(); ++k) found |= whole[k].is(some[i]) && whole.name(k) == some.name(i);
    CHECK(found);
  }
}

TEST_CASE("a selection by name keeps tensors, names and memory", "[selection]") {
  Net net;
  const Parameters whole(net);
  const auto pieces = [&](const Parameters& some) {
    check_selection(whole, some);
    return some.pieces().size();
  };
  CHECK(pieces(whole) == 1);
  const Parameters encoder = whole.matching("encoder.*"), biases = whole.matching("*.bias");
  CHECK(names(encoder) == Names{"encoder.weight", "encoder.bias"});
  CHECK(pieces(encoder) == 1);
  CHECK(names(biases) == Names{"encoder.bias", "decoder.bias"});
  CHECK(pieces(biases) == 2);
  CHECK(names(whole.without("*.bias")) == Names{"encoder.weight", "decoder.weight", "none", "gain"});
  CHECK(pieces(whole.without("*.bias")) == 3);
  CHECK(names(whole.matching("gain")) == Names{"gain"});
  CHECK(pieces(whole.matching("gain")) == 1);
  CHECK(whole.matching("gain").count() == 1);
  CHECK(pieces(whole.matching("none")) == 1);
  CHECK(whole.matching("none").count() == 0);
  CHECK(net.encoder.bias.is(biases[0]));
}

TEST_CASE("a pattern that matches all gives all; selections can be selected from", "[selection]") {
  Net net;
  const Parameters whole(net), all = whole.matching("*");
  CHECK(names(all) == names(whole));
  CHECK(all.flat().data<double>() == whole.flat().data<double>());
  CHECK(all.flat().numel() == whole.flat().numel());
  const Parameters some = whole.without("*.bias").matching("*coder*");
  CHECK(names(some) == Names{"encoder.weight", "decoder.weight"});
  check_selection(whole, some);
  CHECK(names(some.without("decoder.*")) == Names{"encoder.weight"});
  CHECK_THROWS_WITH(some.matching("*.bias"), ContainsSubstring("encoder.weight, decoder.weight"));
}

TEST_CASE("tied weights are chosen by any of their names", "[selection]") {
  Net net;
  const Parameters whole(net);
  CHECK(names(whole.matching("output")) == Names{"encoder.weight"});
  CHECK(names(whole.without("output")) == Names{"encoder.bias", "decoder.weight", "decoder.bias", "none", "gain"});
  CHECK(names(whole.matching("*weight").matching("out*")) == Names{"encoder.weight"});
  CHECK(net.output.is(net.encoder.weight));
}

TEST_CASE("selections say what is wrong", "[selection]") {
  Net net;
  const Parameters whole(net);
  for (const bool match : {true, false})
    CHECK_THROWS_WITH(
        match ? whole.matching("encodr.*") : whole.without("encodr.*"),
        ContainsSubstring("no name matches \"encodr.*\"") && ContainsSubstring("encoder.weight, encoder.bias"));
  CHECK_THROWS_WITH(whole.without("*"), ContainsSubstring("nothing is left"));
  CHECK_THROWS_WITH(whole.matching("*.bias").flat(),
                    ContainsSubstring("2 pieces") && ContainsSubstring("encoder.bias, decoder.bias"));
  CHECK_THROWS_WITH(whole.matching("gain").set_numbers(whole.numbers()), ContainsSubstring("flat buffer"));
  CHECK_THROWS_WITH(Parameters().matching("*"), ContainsSubstring("no name"));
  CHECK_THROWS_WITH(Parameters().buffer(), ContainsSubstring("there are none"));
  const Parameters biases = whole.matching("*.bias");
  convert(net, DType::f32);
  CHECK_THROWS_WITH(biases.check_current("test"), ContainsSubstring("encoder.bias"));
  CHECK_THROWS_WITH(whole.matching("*.bias"), ContainsSubstring("no longer"));
}

TEST_CASE("groups that are to share a model are checked", "[selection]") {
  Net net, other;
  const Parameters whole(net), biases = whole.matching("*.bias"), rest = whole.without("*.bias");
  CHECK_NOTHROW(whole.check_split({biases, rest}));
  CHECK_NOTHROW(whole.check_split({whole}));
  CHECK_THROWS_WITH(whole.check_split({biases, rest, whole.matching("encoder.bias")}),
                    ContainsSubstring("encoder.bias is in groups 0 and 2"));
  CHECK_THROWS_WITH(whole.check_split({biases, rest.without("gain")}),
                    ContainsSubstring("none of the 2 groups has gain"));
  CHECK_THROWS_WITH(whole.check_split({whole, Parameters(other)}), ContainsSubstring("group 1"));
}

TEST_CASE("numbers of a selection are written to where they lie, and nowhere else", "[selection]") {
  Net net;
  const Parameters whole(net);
  Parameters biases = whole.matching("*.bias");
  biases.set_numbers(biases.buffer(7));
  CHECK(net.encoder.bias.to_vector() == Numbers{7, 7});
  CHECK(net.decoder.bias.to_vector() == Numbers{7, 7});
  CHECK(net.encoder.weight.to_vector() == Numbers(6, 1));
  CHECK(net.decoder.weight.to_vector() == Numbers(6, 2));
  CHECK(net.gain.to_vector() == Numbers{3});
}

// --- gradients

TEST_CASE("the share of a selection is what it would be given alone, to the bit", "[selection]") {
  for (const char* pattern : {"*", "encoder.*", "*.bias", "gain", "none", "output"}) {
    Net net;
    const Parameters whole(net), some = whole.matching(pattern);
    Tape tape({.keep = true});
    const Tensor loss = net.loss();
    const Gradients share = tape.gradients(loss, whole).of(some), alone = tape.gradients(loss, some);
    const Gradients loose = tape.gradients(loss, whole.tensors()).of(some);
    CHECK(share.flat().to_vector() == alone.flat().to_vector());
    CHECK_FALSE(loose.flat());
    REQUIRE(share.size() == some.size());
    for (size_t i = 0; i < some.size(); ++i) {
      CHECK(share[i].to_vector() == alone[i].to_vector());
      CHECK(loose[i].to_vector() == alone[i].to_vector());
      CHECK(share[some[i]].is(share[i]));
      CHECK(share.parameter(i).is(some[i]));
    }
  }
}

TEST_CASE("a share has memory of its own; what was not asked for has a name", "[selection]") {
  Net net;
  const Parameters whole(net), encoder = whole.matching("encoder.*");
  Tape tape;
  const Gradients all = tape.gradients(net.loss(), encoder);
  Tensor flat = all.of(encoder).flat();
  flat.mutable_data<double>()[0] = 100;
  CHECK(all[0].at({0, 0}) == 8);
  CHECK_THROWS_WITH(all.of(whole), ContainsSubstring("the gradient of decoder.weight was not asked for"));
}

TEST_CASE("a share of recorded gradients can be differentiated", "[selection]") {
  Net net;
  const Parameters whole(net), biases = whole.matching("*.bias");
  Tape outer;
  Tensor penalty;
  {
    Tape inner;
    const Gradients share = inner.gradients(net.loss(), whole).of(biases);
    penalty = sum(square(share[1]));  // (8 b)^2
  }
  CHECK(outer.gradients(penalty, biases)[1].to_vector() == Numbers{128 * 2.5, 128 * 2.5});
}

}  // namespace
}  // namespace heed
