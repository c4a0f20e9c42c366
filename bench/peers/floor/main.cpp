// gemm_floor: the time that no training step can do without (floor.h).
//
//     gemm_floor --threads 1 --min-time 1 [--case gru_seq,rnnsearch_small,..]
#include <cstdio>

#include "floor.h"

extern "C" void openblas_set_num_threads(int);

namespace floors {
namespace {

void sequence_floor(const std::string& name, bool lstm) {
  const int gates = lstm ? 4 : 3;
  sequence_products(name, gates);
  gates_case(name, lstm, 64, 30, 512);
  adam_case(name, gates * 512.0 * (256 + 512 + 2));
}

double parameters(const NmtSize& z) {
  const double C = 2 * z.He, G = 3 * z.H;
  return 2.0 * z.V * z.E + 2.0 * 3 * z.He * (z.E + z.He + 2) + (z.He + 1.0) * z.H + C * z.A + z.A + (z.E + 1) * G +
         C * G + (z.H + 1) * (G + z.A) + (z.H + z.E + C + 1) * 2 * z.M + (z.M + 1.0) * z.V;
}

void translation_floor(const std::string& name, const NmtSize& z) {
  translation_products(name, z, false);
  const auto up = [](int x) { return (x + 63) / 64 * 64; };  // to whole vectors
  const std::vector<int> source = lengths(z.B, z.min_len, z.S), target(z.B, z.T);
  gates_case(name + ".encoder", false, z.B, 2 * z.S, up(z.He));
  gates_case(name + ".decoder", false, z.B, z.T, up(z.H));
  attention_case(name, z.B, z.S, up(z.A), up(2 * z.He), z.T, source, target, true);
  ce_case(name, z.T * z.B, z.V);
  adam_case(name, parameters(z));
  if (z.min_len == z.S) return;
  const std::string packed = name + ".packed";  // nothing computed for padding anywhere
  translation_products(packed, z, true);
  attention_case(packed, z.B, z.S, up(z.A), up(2 * z.He), z.T, source, lengths(z.B, z.min_len, z.T), true);
}

void caption_floor(const std::string& name) {
  caption_products(name);
  gates_case(name, true, 32, 16, 512);
  attention_case(name, 32, 196, 512, 512, 16, std::vector<int>(32, 196), std::vector<int>(32, 16), false);
  ce_case(name, 512, 3000);
  adam_case(name, 3000.0 * 512 * 2 + 3000 + 512.0 * (1024 + 512 + 2048 + 2048 + 2560 + 512 + 512) + 6000);
}

void run(const std::string& cases) {
  const auto want = [&](const std::string& name) {
    return cases == "all" || ("," + cases + ",").find("," + name + ",") != std::string::npos;
  };
  if (want("triad")) triad_case();
  if (want("tanh_in_cache")) tanh_case();
  if (want("gru_seq")) sequence_floor("gru_seq", false);
  if (want("lstm_seq")) sequence_floor("lstm_seq", true);
  if (want("rnnsearch_small")) translation_floor("rnnsearch_small", kSmall);
  if (want("rnnsearch_paper")) translation_floor("rnnsearch_paper", kPaper);
  if (want("sat_soft")) caption_floor("sat_soft");
  if (want("ce")) {
    ce_case("ce_1280x8000", 1280, 8000);
    ce_case("ce_2400x30000", 2400, 30000);
  }
}

}  // namespace
}  // namespace floors

int main(int argc, char** argv) {
  std::string cases = "all";
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (i + 1 < argc && flag == "--threads") {
      floors::settings().threads = std::atoi(argv[++i]);
    } else if (i + 1 < argc && flag == "--min-time") {
      floors::settings().min_time = std::atof(argv[++i]);
    } else if (i + 1 < argc && flag == "--case") {
      cases = argv[++i];
    } else {
      std::fprintf(stderr, "unknown flag, or one without a value: %s\n", flag.c_str());
      return 2;
    }
  }
  if (!floors::self_check()) return 1;
  openblas_set_num_threads(floors::settings().threads);
  floors::pool().start(floors::settings().threads);
  floors::run(cases);
}
