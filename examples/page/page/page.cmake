# The page: heed.html, one file that holds everything (assemble.js).
heed_headers_alone(nlohmann nlohmann/json.hpp)
set(support ${PROJECT_SOURCE_DIR}/examples/support/text)
target_sources(page_parts PRIVATE ${support}/grammar.cpp ${support}/grammar_rules.cpp
               ${support}/grammar/grammar_writer.cpp ${support}/words/words.cpp ${support}/alignments/word_links.cpp)

add_executable(heed_page page.cpp)
target_link_libraries(heed_page PRIVATE page_parts)
target_link_options(heed_page PRIVATE -O2 -sENVIRONMENT=worker,node -sMODULARIZE -sEXPORT_NAME=heedModule
  -sFILESYSTEM=0 -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=32MB -sTOTAL_STACK=1MB
  -sEXPORTED_FUNCTIONS=_heed_answer,_malloc,_free -sEXPORTED_RUNTIME_METHODS=UTF8ToString,stringToUTF8,lengthBytesUTF8)
set_target_properties(heed_page PROPERTIES SUFFIX .js RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})

set(page ${CMAKE_CURRENT_SOURCE_DIR}/page)
file(GLOB page_files CONFIGURE_DEPENDS ${page}/*.js ${page}/*.css ${page}/*.html)
add_custom_command(
  OUTPUT ${PROJECT_BINARY_DIR}/heed.html
  COMMAND node ${page}/assemble.js ${PROJECT_BINARY_DIR}/heed_page ${PROJECT_BINARY_DIR}/heed.html
  DEPENDS heed_page ${page_files}
  COMMENT "Putting heed.html together" VERBATIM)
add_custom_target(page ALL DEPENDS ${PROJECT_BINARY_DIR}/heed.html)

# What it computes, by node; how it looks and behaves, in a browser, if there is one.
set(tests ${PROJECT_SOURCE_DIR}/tests/examples/page)
add_test(NAME page_losses COMMAND node ${tests}/losses.js ${PROJECT_BINARY_DIR}/heed_page)
add_test(NAME page_browser COMMAND node ${tests}/browser.js ${PROJECT_BINARY_DIR}/heed.html)
set_tests_properties(page_browser PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
