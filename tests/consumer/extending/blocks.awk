# Takes docs/extending.md apart, into the folder OUT (awk -v out=OUT -f blocks.awk docs/extending.md):
#   a block of C++ that begins with "// name.h: .." becomes the file name.h
#   all other blocks of C++, in their order, blocks.h
#   each block of changes (```diff) that names heed's files a file 1.diff, 2.diff, ..
/^```/ {
  inside = $0 == "```cpp" || $0 == "```diff"
  fresh = inside
  changes = $0 == "```diff"
  next
}
inside {
  if (fresh && changes) file = out "/" ++count ".diff"
  else if (fresh && match($0, /^\/\/ [a-z_]+\.h: /)) file = out "/" substr($0, 4, RLENGTH - 5)
  else if (fresh) file = out "/blocks.h"
  fresh = 0
  print > file
}
