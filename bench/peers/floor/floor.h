// The physical limit of each training case: what the step cannot do without, measured on its own.
//
//   gemm       every matrix product of the step (forward and the two backward products), replayed with cblas_sgemm in the
//              order of the step on buffers of its own. Recurrent products one time step at a time; everything that does
//              not depend on the recurrence (input and output projections, all weight gradients) once over all time steps.
//   gemm_naive the same with the weight gradients of the recurrence taken step by step, as a tape that knows only single
//              operators takes them (including the sum of the T results by beta = 1; torch adds a separate pass for it)
//   gates      the GRU/LSTM step outside its products, one fused pass forward and one backward
//   attention  additive attention outside its products, fused per sentence: tanh, score, softmax, context, and their
//              gradients (tanh recomputed, not stored; the gradient of the annotations taken once over all target steps)
//   ce         softmax cross entropy, fused, in place, forward and backward in one visit of each row
//   adam       global norm, clip and Adam in two passes over flat buffers
//   triad      a = b + s*c on large arrays, bytes counted as three arrays
//
// One JSON line per case and part. The vector code uses the compiler's vector extension, so it follows -march.
//
//   gemm_floor --threads 1 --min-time 1 [--case gru_seq,rnnsearch_small,...]
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sys/mman.h>

namespace floors {

struct Settings {
  int threads = 1;
  double min_time = 1;
};
Settings& settings();

double now_s();

// Repeats f and prints a line. work is GFLOP for products, GB for the rest.
void report(const std::string& name, const char* part, const char* unit, double work, const std::function<void()>& f);

// Splits [0, n) over the threads, always in the same way. The helpers spin a little before they sleep.
class Pool {
 public:
  void start(int n) {
    for (int i = 1; i < n; ++i) threads_.emplace_back([this, i] { loop(i); });
    n_ = n;
  }
  ~Pool() {
    stop_ = true;
    {
      std::lock_guard<std::mutex> l(m_);
      ++epoch_;
    }
    cv_.notify_all();
    for (auto& t : threads_) t.join();
  }
  void run(long n, const std::function<void(long, long, int)>& f) {
    if (n_ == 1) return f(0, n, 0);
    f_ = &f;
    total_ = n;
    left_.store(n_ - 1, std::memory_order_relaxed);
    {
      std::lock_guard<std::mutex> l(m_);
      epoch_.fetch_add(1, std::memory_order_release);
    }
    cv_.notify_all();
    part(0);
    while (left_.load(std::memory_order_acquire)) __builtin_ia32_pause();
  }

 private:
  void part(int i) { (*f_)(total_ * i / n_, total_ * (i + 1) / n_, i); }
  void loop(int i) {
    long seen = 0;
    for (;;) {
      for (int k = 0; k < 20000 && epoch_.load(std::memory_order_acquire) == seen; ++k) __builtin_ia32_pause();
      if (epoch_.load(std::memory_order_acquire) == seen) {
        std::unique_lock<std::mutex> l(m_);
        cv_.wait(l, [&] { return epoch_.load() != seen; });
      }
      seen = epoch_.load(std::memory_order_acquire);
      if (stop_) return;
      part(i);
      left_.fetch_sub(1, std::memory_order_release);
    }
  }
  std::vector<std::thread> threads_;
  std::mutex m_;
  std::condition_variable cv_;
  std::atomic<long> epoch_{0};
  std::atomic<int> left_{0};
  std::atomic<bool> stop_{false};
  const std::function<void(long, long, int)>* f_ = nullptr;
  long total_ = 0;
  int n_ = 1;
};
Pool& pool();

// Random numbers in huge pages.
struct Buffer {
  float* p = nullptr;
  size_t n = 0;
  Buffer() = default;
  explicit Buffer(size_t count, float scale = 0.1f) : n(count) {
    const size_t bytes = (count * sizeof(float) + (2u << 20)) & ~size_t((2u << 20) - 1);
    p = static_cast<float*>(std::aligned_alloc(2u << 20, bytes));
    madvise(p, bytes, MADV_HUGEPAGE);
    uint32_t s = 12345u + uint32_t(count);
    for (size_t i = 0; i < count; ++i) {
      s = s * 1664525u + 1013904223u;
      p[i] = scale * (float(s >> 8) * (2.0f / 16777216.0f) - 1.0f);
    }
  }
  ~Buffer() { std::free(p); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  Buffer(Buffer&& o) noexcept : p(o.p), n(o.n) { o.p = nullptr; }
  Buffer& operator=(Buffer&& o) noexcept {
    std::swap(p, o.p);
    std::swap(n, o.n);
    return *this;
  }
};

struct NmtSize {
  int V, E, He, H, A, M, S, T, B, min_len;
};
inline const NmtSize kSmall{8000, 256, 256, 512, 256, 256, 20, 20, 64, 8};
inline const NmtSize kPaper{30000, 620, 1000, 1000, 1000, 500, 30, 30, 80, 30};

// Lengths spread over lo .. hi, the longest first.
std::vector<int> lengths(int batch, int lo, int hi);

// --- The parts: products.cpp, gates.cpp, attention.cpp, passes.cpp

// The products of a training step, in the parts gemm and gemm_naive.
void sequence_products(const std::string& name, int gates);
void translation_products(const std::string& name, const NmtSize& z, bool pack_target);
void caption_products(const std::string& name);

void gates_case(const std::string& name, bool lstm, int B, int T, int H);
// need_dh: also the gradient of the annotations.
void attention_case(const std::string& name, int B, int S, int A, int C, int T, const std::vector<int>& len,
                    const std::vector<int>& tlen, bool need_dh);
void ce_case(const std::string& name, int n, int V);
void adam_case(const std::string& name, double count);
void triad_case();
void tanh_case();

// Whether the vector functions are right: if not, the floor would mean nothing.
bool self_check();

}  // namespace floors
