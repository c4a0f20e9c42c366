#!/bin/sh
# Draws the book's curves from what the programs print, by gnuplot. Those that are not drawn here are drawn by heed:
# HEED_PICTURES=docs/book/pictures build/bin/book_tests "the picture of*"
set -eu
cd "$(dirname "$0")"
bin=${1:-../../../build/bin}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Lines of a program's output that begin with a number, between one that begins with $2 and the next empty one.
table() {
  "$bin/$1" | awk -v from="$2" 'index($0, from) == 1 { inside = 1 } /^$/ { inside = 0 } inside && $1 ~ /^-?[0-9]/'
}
table stencil "f = exp" > "$scratch/stencil"
table line "p -= rate" > "$scratch/line"
table sine "     x" > "$scratch/sine"
table remember "before training" > "$scratch/remember"
"$bin/look" | awk -v to="$scratch/look" '/^after/ { steps = $2 } /says/ { print $2, $3, $4, $5 > (to steps) }'
table scores "place" > "$scratch/windows"
table fast "ms, here" > "$scratch/fast"  # times: another run draws other bars

# Colours that can be told apart also by those who do not see red and green apart (Okabe and Ito 2008).
gnuplot -e "data = '$scratch/'" - <<'PLOTS'
set term svg size 640,360 font 'sans-serif,13' background '#ffffff'
set style line 1 lc rgb '#0072B2' lw 2 pt 7 ps 0.5
set style line 2 lc rgb '#D55E00' lw 2 pt 7 ps 0.5
set style line 3 lc rgb '#009E73' lw 2 pt 7 ps 0.5
set style line 4 lc rgb '#000000' lw 2
set grid lc rgb '#dddddd'
set key left top

set output 'stencil.svg'
set logscale xy
set format x '10^{%L}'; set format y '10^{%L}'
set xlabel 'step h'; set ylabel 'error of the measured slope'
set key center top
plot data.'stencil' using 1:2 with linespoints ls 1 title 'two points', \
     '' using 1:3 with linespoints ls 2 title 'five points'

set output 'line.svg'
unset logscale x
set format x '%g'
set xlabel 'step'; set ylabel 'loss'
set key left top
plot data.'line' using 1:2 with linespoints ls 1 title 'rate 0.1', '' using 1:3 with linespoints ls 2 title 'rate 0.5', \
     '' using 1:4 with linespoints ls 3 title 'rate 1.1'

set output 'remember.svg'
set xlabel 'step'; set ylabel 'gradient of the loss by the memory'
plot data.'remember' using 1:2 with linespoints ls 1 title 'forget bias 0', \
     '' using 1:3 with linespoints ls 2 title 'forget bias 1'

set output 'windows.svg'
unset logscale y
set format y '%g'
set xlabel 'place'; set ylabel 'weight'
set key right top
plot [0:9][0:0.2] data.'windows' using 1:2 with linespoints ls 1 title 'global', \
     '' using 1:3 with linespoints ls 2 title 'local-m', '' using 1:4 with linespoints ls 3 title 'local-p'

set output 'fast.svg'
set xlabel ''; set ylabel 'ms, forward and backward'
set boxwidth 0.6; set style fill solid 0.8; unset key
set xtics ('on paper' 0, 'keys once' 1, 'scores fused' 2, 'reading fused' 3)
plot [-0.6:3.6][0:*] data.'fast' using 0:1 with boxes ls 1, \
     '' using 0:1:(sprintf('%.0f', $1)) with labels offset 0,0.7
set xtics autofreq; set key

set output 'sine.svg'
set xlabel 'x'; set ylabel ''
set arrow from -pi, graph 0 to -pi, graph 1 nohead dt 2 lc rgb '#888888'
set arrow from pi, graph 0 to pi, graph 1 nohead dt 2 lc rgb '#888888'
set key center top horizontal
set yrange [-1.5:2]
plot [-6:6] sin(x) ls 4 title 'sin x', data.'sine' using 1:3 with points ls 1 title 'step 0', \
     '' using 1:4 with points ls 2 title 'step 30', '' using 1:5 with points ls 3 title 'step 1000'

# Where each question looks; the darker, the more weight.
reset
set term svg size 640,240 font 'sans-serif,13' background '#ffffff'
set output 'look.svg'
set multiplot layout 1,3
set palette defined (0 '#ffffff', 1 '#0072B2')
unset colorbox
set cbrange [0:1]
set xrange [-0.5:3.5]; set yrange [3.5:-0.5]
set size square
set xtics ('c 5' 0, 'a 1' 1, 'h 3' 2, 'e 6' 3) scale 0
set ytics ('a?' 0, 'c?' 1, 'e?' 2, 'h?' 3) scale 0
set title 'after 0 steps'
plot data.'look0' matrix with image pixels notitle
set title 'after 50 steps'
plot data.'look50' matrix with image pixels notitle
set title 'after 100 steps'
plot data.'look100' matrix with image pixels notitle
unset multiplot
PLOTS
