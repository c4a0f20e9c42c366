#include "autograd/kernels/winograd.h"

#include <algorithm>
#include <vector>

#include "autograd/base/flops.h"
#include "autograd/kernels/panels.h"
#include "autograd/kernels/product/product_tile.h"
#include "autograd/kernels/registers.h"
#include "autograd/kernels/transpose_block.h"
#include "autograd/kernels/winograd_maps.h"

namespace heed::winograd {
namespace {

// So many tiles at once: their values at all points should stay in the second-level cache.
constexpr int64_t kTiles = 48;

// --- Pictures and their strips

// Channels are padded with zeros to whole registers, those of the panels to two.
template <class T>
int64_t padded(int64_t channels) {
  return (channels + kWide<T> - 1) / kWide<T> * kWide<T>;
}

template <class T>
struct Pictures {
  T* data;  // [N, channels, height, width]
  int64_t channels, height, width;
  T* plane(int64_t n, int64_t c) const { return data + (n * channels + c) * height * width; }
};

template <class T>
Pictures<const T> pictures(const Tensor& x) {
  return {x.data<T>(), x.size(1), x.size(2), x.size(3)};
}

// strip [rows, columns, padded channels] of picture n, whose first pixel is (top, left); 0 beyond the edges.
template <class T>
void read_strip(T* strip, int64_t rows, int64_t columns, const Pictures<const T>& from, int64_t n, int64_t top,
                int64_t left) {
  const int64_t step = padded<T>(from.channels);
  const int64_t first = std::max<int64_t>(0, -left), last = std::min(columns, from.width - left);
  for (int64_t i = 0; i < rows; ++i) {
    T* const row = strip + i * columns * step;
    const bool inside = first < last && top + i >= 0 && top + i < from.height, full = step == from.channels;
    std::fill(row, row + (inside && full ? first : columns) * step, T(0));
    if (!inside) continue;
    std::fill(row + last * step, row + columns * step, T(0));
    transpose_into(row + first * step, step, from.plane(n, 0) + (top + i) * from.width + left + first,
                   from.height * from.width, from.channels, last - first);
  }
}

// The way back, for the part of the strip that lies inside the picture; left is 0.
template <class T>
void write_strip(const T* strip, int64_t rows, int64_t columns, const Pictures<T>& to, int64_t n, int64_t top) {
  const int64_t step = padded<T>(to.channels);
  for (int64_t i = 0; i < std::min(rows, to.height - top); ++i)
    transpose_into(to.plane(n, 0) + (top + i) * to.width, to.height * to.width, strip + i * columns * step, step,
                   to.width, to.channels);
}

// How the outputs [N, .., H', W'] are cut: N x rows lines of `columns` tiles, `lines` of them at once; and all that is done
// at once into panels of several, which do not wait for each other (panels.h).
struct Tiling {
  int64_t rows, columns, all_lines, lines;
  explicit Tiling(const Shape& y)
      : rows((y[2] + kSide - 1) / kSide),
        columns((y[3] + kSide - 1) / kSide),
        all_lines(y[0] * rows),
        lines(std::clamp<int64_t>(kTiles / columns, 1, all_lines)) {}
  int64_t tiles() const { return lines * columns; }
  int64_t rounds() const { return (all_lines + lines - 1) / lines; }
  // At most so many, with some rounds in each.
  int64_t panels(int64_t most) const { return std::clamp<int64_t>(rounds() / 4, 1, most); }
  // Calls use(first, last) for the lines of each round of that panel.
  template <class Use>
  void each_round(int64_t panel, int64_t panels, Use use) const {
    const int64_t end = rounds() * (panel + 1) / panels;
    for (int64_t round = rounds() * panel / panels; round < end; ++round)
      use(round * lines, std::min((round + 1) * lines, all_lines));
  }
};

// The values at the points of all tiles of some lines: [36] matrices [tiles, padded channels]. A register more lies
// between the matrices, for at a power of two apart they would fall on the same few places of the cache.
template <class T>
struct Points {
  Tensor memory;
  T* data;
  int64_t channels, step;
  Points(int64_t rows, int64_t real_channels)
      : channels(padded<T>(real_channels)), step(rows * channels + Vec<T>::width) {
    memory = Tensor::empty({kPoints, step}, dtype_of<T>);
    data = memory.mutable_data<T>();
  }
  T* matrix(int64_t point) const { return data + point * step; }
};

// --- From strips to points and back

// The tiles of M::from x M::from pixels, kSide apart, of one strip; `tile` is the first one's number.
template <class M, class T>
void strip_to_points(const Points<T>& to, int64_t tile, const T* strip, int64_t tiles) {
  using V = Vec<T>;
  const int64_t columns = (tiles - 1) * kSide + M::from;
  for (int64_t t = 0; t < tiles; ++t)
    for (int64_t c = 0; c < to.channels; c += V::width) {
      V x[M::from * M::from], y[kPoints];
#pragma GCC unroll 8
      for (int i = 0; i < M::from; ++i)
#pragma GCC unroll 8
        for (int j = 0; j < M::from; ++j)
          x[i * M::from + j] = V::load(strip + (i * columns + t * kSide + j) * to.channels + c);
      map_both_ways<M>(y, x);
      T* first = to.data + (tile + t) * to.channels + c;
#pragma GCC unroll 40
      for (int k = 0; k < kPoints; ++k) y[k].store(first + k * to.step);
    }
}

// The bias is added at the point (1, 1), which counts once for each output:
// A^T (0, 1, 0, 0, 0, 0) = (1, 1, 1, 1).
template <class T>
void points_to_strip(T* strip, const Points<T>& from, const T* bias, int64_t tile, int64_t tiles) {
  using V = Vec<T>;
  for (int64_t t = 0; t < tiles; ++t)
    for (int64_t c = 0; c < from.channels; c += V::width) {
      V x[kPoints], y[kSide * kSide];
      const T* first = from.data + (tile + t) * from.channels + c;
#pragma GCC unroll 40
      for (int k = 0; k < kPoints; ++k) x[k] = V::load(first + k * from.step);
      x[7] += V::load(bias + c);
      map_both_ways<PointsOutput>(y, x);
#pragma GCC unroll 8
      for (int i = 0; i < kSide; ++i)
#pragma GCC unroll 8
        for (int j = 0; j < kSide; ++j)
          y[i * kSide + j].store(strip + ((i * tiles + t) * kSide + j) * from.channels + c);
    }
}

// The lines [first, last) of tiles of the pictures x.
template <class M, class T>
void lines_to_points(const Points<T>& to, const Pictures<const T>& x, const Tiling& tiling, int64_t first,
                     int64_t last, const Padding& padding) {
  const int64_t columns = (tiling.columns - 1) * kSide + M::from;
  Tensor strip = Tensor::empty({M::from, columns, to.channels}, dtype_of<T>);
  T* pixels = strip.mutable_data<T>();
  for (int64_t line = first; line < last; ++line) {
    read_strip<T>(pixels, M::from, columns, x, line / tiling.rows, line % tiling.rows * kSide - padding[0],
                  -padding[1]);
    strip_to_points<M>(to, (line - first) * tiling.columns, pixels, tiling.columns);
  }
}

// The kernels w [O, C, 3, 3] at the points: [36] matrices [C, O]; `turned`: w stands for its mirror image
// with outputs and inputs exchanged, [36] matrices [O, C].
template <class T>
Points<T> kernel_points(const Tensor& w, bool turned) {
  using V = Vec<T>;
  const int64_t inputs = w.size(turned ? 0 : 1), outputs = w.size(turned ? 1 : 0);
  const int64_t next = (turned ? 1 : w.size(1)) * 9, row = (turned ? w.size(1) : 1) * 9;
  Points<T> to(inputs, outputs);
  for (int64_t c = 0; c < inputs; ++c)
    for (int64_t o = 0; o < to.channels; o += V::width) {
      T taps[9][V::width] = {};
      const T* from = w.data<T>() + c * row + o * next;
      for (int64_t k = 0; k < std::min<int64_t>(V::width, outputs - o); ++k)
        for (int tap = 0; tap < 9; ++tap) taps[turned ? 8 - tap : tap][k] = from[k * next + tap];
      V x[9], y[kPoints];
      for (int tap = 0; tap < 9; ++tap) x[tap] = V::load(taps[tap]);
      map_both_ways<KernelPoints>(y, x);
      for (int k = 0; k < kPoints; ++k) y[k].store(to.matrix(k) + c * to.channels + o);
    }
  return to;
}

template <class T>
void points_to_kernel(Tensor& w, const Points<T>& from) {
  using V = Vec<T>;
  const int64_t outputs = w.size(0), inputs = w.size(1);
  T* to = w.mutable_data<T>();
  for (int64_t c = 0; c < inputs; ++c)
    for (int64_t o = 0; o < outputs; o += V::width) {
      V x[kPoints], y[9];
      for (int k = 0; k < kPoints; ++k) x[k] = V::load(from.matrix(k) + c * from.channels + o);
      map_both_ways<PointsKernel>(y, x);
      for (int64_t k = 0; k < std::min<int64_t>(V::width, outputs - o); ++k)
        for (int tap = 0; tap < 9; ++tap) to[((o + k) * inputs + c) * 9 + tap] = y[tap].lanes[k];
    }
}

// --- The products

// c = (c +) a b or a^T b at each point; `rows` and `depth` are those of the product.
template <class T>
void multiply_points(const Points<T>& c, const Points<T>& a, bool transposed, const Points<T>& b, int64_t rows,
                     int64_t depth, bool add) {
  for (int k = 0; k < kPoints; ++k)
    for (int64_t j = 0; j < c.channels; j += kWide<T>)
      multiply_panel<false, Single<T>, T>(rows, {.depth = depth,
                                                 .a = a.matrix(k),
                                                 .a_step = transposed ? 1 : a.channels,
                                                 .a_next = transposed ? a.channels : 1,
                                                 .panel = b.matrix(k) + j,
                                                 .panel_step = b.channels,
                                                 .c = c.matrix(k) + j,
                                                 .c_step = c.channels,
                                                 .width = kWide<T>,
                                                 .add = add});
}

template <class T>
void run_convolve(Tensor& y, const Tensor& x, const Points<T>& kernels, const Tensor& bias, const Padding& padding) {
  const Tiling tiling(y.shape());
  const Pictures<T> to{y.mutable_data<T>(), y.size(1), y.size(2), y.size(3)};
  const int64_t channels = padded<T>(y.size(1)), panels = tiling.panels(8);
  Tensor shift = Tensor::zeros({channels}, y.dtype());
  if (bias) {
    Tensor real = shift.view(bias.shape(), {1});
    copy_into(real, bias);
  }
  count_product(kPoints * tiling.all_lines * tiling.columns, x.size(1), channels);
  in_panels(panels, [&](int64_t panel) {
    const Points<T> in(tiling.tiles(), x.size(1)), out(tiling.tiles(), y.size(1));
    Tensor strip = Tensor::empty({kSide, tiling.columns * kSide, channels}, y.dtype());
    T* pixels = strip.mutable_data<T>();
    tiling.each_round(panel, panels, [&](int64_t first, int64_t last) {
      lines_to_points<InputPoints>(in, pictures<T>(x), tiling, first, last, padding);
      multiply_points(out, in, false, kernels, (last - first) * tiling.columns, x.size(1), false);
      for (int64_t line = first; line < last; ++line) {
        points_to_strip(pixels, out, shift.data<T>(), (line - first) * tiling.columns, tiling.columns);
        write_strip(pixels, kSide, tiling.columns * kSide, to, line / tiling.rows, line % tiling.rows * kSide);
      }
    });
  });
}

// Each panel has sums of its own, so there are few, and one where many channels make them large.
template <class T>
void run_weight_gradient(Tensor& dw, const Tensor& dy, const Tensor& x, const Padding& padding) {
  constexpr int64_t most_sums = 1 << 21;
  const Tiling tiling(dy.shape());
  const int64_t channels = padded<T>(dy.size(1));
  const int64_t panels = tiling.panels(std::clamp<int64_t>(most_sums / (kPoints * x.size(1) * channels), 1, 4));
  std::vector<Points<T>> sums;
  for (int64_t panel = 0; panel < panels; ++panel) sums.emplace_back(x.size(1), dy.size(1));
  count_product(kPoints * x.size(1), tiling.all_lines * tiling.columns, channels);
  in_panels(panels, [&](int64_t panel) {
    const Points<T> in(tiling.tiles(), x.size(1)), out(tiling.tiles(), dy.size(1));
    bool more = false;
    tiling.each_round(panel, panels, [&](int64_t first, int64_t last) {
      lines_to_points<InputPoints>(in, pictures<T>(x), tiling, first, last, padding);
      lines_to_points<OutputPoints>(out, pictures<T>(dy), tiling, first, last, {0, 0});
      multiply_points(sums[static_cast<size_t>(panel)], in, true, out, x.size(1), (last - first) * tiling.columns,
                      more);
      more = true;
    });
  });
  in_panels(kPoints, [&](int64_t k) {
    for (size_t panel = 1; panel < sums.size(); ++panel)
      add_row(sums[0].matrix(k), sums[panel].matrix(k), x.size(1) * channels);
  });
  points_to_kernel(dw, sums[0]);
}

}  // namespace

bool pays(const Shape& x, const Shape& w, const Shape& y) {
  // BLAS finds out at run time what the CPU has. A program built for any x86 multiplies four times slower itself.
#if defined(__x86_64__) && !defined(__FMA__)
  return false;
#endif
  // With fewer, taking the kernels to the points costs too much.
  constexpr int64_t channels = 16, all_tiles = 12;
  const int64_t tiles = ((y[2] + kSide - 1) / kSide) * ((y[3] + kSide - 1) / kSide);
  return x[1] >= channels && w[0] >= channels && x[0] * tiles >= all_tiles &&
         tiles * kPoints * 3 <= y[2] * y[3] * 9 * 2;  // two thirds of the multiplications or fewer
}

void convolve(Tensor& y, const Tensor& x, const Tensor& w, const Tensor& bias, const Padding& padding) {
  dispatch_float(x.dtype(), "conv2d",
                 [&]<class T>(T) { run_convolve<T>(y, x, kernel_points<T>(w, false), bias, padding); });
}

// A convolution of dy, with as much padding as brings the size of x back.
void input_gradient(Tensor& dx, const Tensor& dy, const Tensor& w, const Padding& padding) {
  dispatch_float(dy.dtype(), "conv2d", [&]<class T>(T) {
    run_convolve<T>(dx, dy, kernel_points<T>(w, true), {}, {2 - padding[0], 2 - padding[1]});
  });
}

void weight_gradient(Tensor& dw, const Tensor& dy, const Tensor& x, const Padding& padding) {
  dispatch_float(dy.dtype(), "conv2d", [&]<class T>(T) { run_weight_gradient<T>(dw, dy, x, padding); });
}

}  // namespace heed::winograd
