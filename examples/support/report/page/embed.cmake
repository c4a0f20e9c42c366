# Writes a C++ file that holds the page's files and the chart library as bytes. Run at build time:
#   cmake -DOUTPUT=report_files.cpp -DPAGE=<this folder> -DSCRIPTS=a.js,b.js -DCHART=<library or empty> -P embed.cmake
function(append_bytes name)
  set(hex "")
  foreach(file ${ARGN})
    file(READ "${file}" part HEX)
    string(APPEND hex "${part}")
  endforeach()
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  # A line of 32 bytes, so that no tool chokes on one line of a megabyte.
  string(REGEX REPLACE "(................................................................................................................................................................)" "\\1\n" bytes "${bytes}")
  file(APPEND "${OUTPUT}" "static const unsigned char ${name}_bytes[] = {${bytes}0};\n"
    "const std::string_view ${name}(reinterpret_cast<const char*>(${name}_bytes), sizeof(${name}_bytes) - 1);\n")
endfunction()

string(REPLACE "," ";" scripts "${SCRIPTS}")
list(TRANSFORM scripts PREPEND "${PAGE}/")
file(WRITE "${OUTPUT}" "#include \"examples/support/report/report_files.h\"\n\nnamespace heed::support::report_files {\n")
append_bytes(page_html "${PAGE}/page.html")
append_bytes(page_css "${PAGE}/page.css")
append_bytes(page_js ${scripts})
append_bytes(chart_js ${CHART})
file(APPEND "${OUTPUT}" "}  // namespace heed::support::report_files\n")
