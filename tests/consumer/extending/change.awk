# Follows a block of changes of docs/extending.md (awk -v root=SOURCES -f change.awk 1.diff):
#     --- file          the file to be changed
#      a line           a line of it
#     +a line           a new line, below the one above or, as the first, before the one that follows
#     @@                what follows stands elsewhere in the file
# Fails, and changes nothing, if a line does not stand exactly once in its file.
function fail(text) {
  print "docs/extending.md: " text > "/dev/stderr"
  failed = 1
  exit 1
}
function load(  line) {
  for (lines = 0; (getline line < path) > 0;) text[++lines] = line
  close(path)
  if (lines == 0) fail("there is no file " path)
}
function save(  i) {
  for (i = 1; i <= lines; ++i) result[path] = result[path] text[i] "\n"
}
function find(line,  i, at) {
  for (i = 1; i <= lines; ++i)
    if (text[i] == line) {
      if (at) fail(path " has this line twice: " line)
      at = i
    }
  if (!at) fail(path " has no such line: " line)
  return at
}
function insert(at, line,  i) {  # below line `at`
  for (i = lines++; i > at; --i) text[i + 1] = text[i]
  text[at + 1] = line
}
function place_waiting(at,  i) {  # above line `at`
  for (i = 1; i <= waiting; ++i) insert(at - 2 + i, wait[i])
  at += waiting
  waiting = 0
  return at
}
/^--- / {
  if (path) save()
  path = root "/" $2
  load()
  at = 0
  next
}
/^@@/ { at = 0; next }
/^ / { at = place_waiting(find(substr($0, 2))); next }
/^\+/ {
  if (at) insert(at++, substr($0, 2))
  else wait[++waiting] = substr($0, 2)
  next
}
{ fail("not a line of changes: " $0) }
END {
  if (failed) exit 1
  if (waiting) fail("no line says where this belongs: " wait[1])
  save()
  for (path in result) printf "%s", result[path] > path
}
