# The page: heed.html, one file that holds everything (assemble.js).
heed_headers_alone(nlohmann nlohmann/json.hpp)
# page_files(FOLDER NAME ..): of a folder of the programs what the pages need, compiled together.
function(page_files folder)
  list(TRANSFORM ARGN REPLACE "(.+)" "${PROJECT_SOURCE_DIR}/examples/${folder}/\\1.cpp" OUTPUT_VARIABLE files)
  string(MAKE_C_IDENTIFIER ${folder} group)
  set_source_files_properties(${files} PROPERTIES UNITY_GROUP page_${group})
  target_sources(page_parts PRIVATE ${files})
endfunction()
target_precompile_headers(page_parts PRIVATE <nlohmann/json.hpp> <fmt/format.h> <functional> <memory> <string> <vector>)
page_files(support/text grammar grammar_rules vocabulary)
page_files(support/text/grammar grammar_writer)
page_files(support/text/words words)
page_files(support/text/alignments word_links)
page_files(support/text/pairs languages)
page_files(support/text/subwords byte_pairs subword_model subwords)
page_files(support/text/tokens abbreviations characters detokenizer escapes punctuation token_form tokenizer)
page_files(support/images image planes)
page_files(support/program fields)
page_files(support/training batches)
page_files(support/pages packed_model)
page_files(support/hard estimators moving_rewards rewards rollout)
page_files(translate/model batch translator)
page_files(translate/model/decoders bahdanau_decoder encoded luong_decoder)
page_files(translate/model/search short_output)
page_files(translate/page packed_run)
page_files(caption/data pointing scenes)
page_files(caption/encoders fire_tail small_encoder squeezenet)
page_files(caption/model batch captioner cells hard_captions)
page_files(caption/page packed_captioner)

# engine(NAME FUNCTIONS SOURCE): a program for a Worker, with these functions for its scripts.
function(engine name functions source)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE page_parts)
  # -O1 leaves wasm-opt out: 12 of 13 seconds of a link. heed.html has 900 kB in place of 825, and is as quick.
  target_link_options(${name} PRIVATE -O1 -sENVIRONMENT=worker,node -sMODULARIZE -sEXPORT_NAME=heedModule
    -sFILESYSTEM=0 -sALLOW_MEMORY_GROWTH -sINITIAL_MEMORY=32MB -sTOTAL_STACK=1MB -sEXPORTED_FUNCTIONS=${functions}
    -sEXPORTED_RUNTIME_METHODS=UTF8ToString,stringToUTF8,lengthBytesUTF8)
  set_target_properties(${name} PROPERTIES SUFFIX .js RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
endfunction()
engine(heed_page _heed_answer,_malloc,_free page.cpp)
engine(heed_translator _heed_answer,_heed_take,_malloc,_free translator/translator_page.cpp)
engine(heed_captioner _heed_answer,_heed_take,_heed_see,_malloc,_free captioner/captioner_page.cpp)

# assemble(PAGE NAME): PAGE.html, of what assemble.js lists for it and the program NAME.
set(page ${CMAKE_CURRENT_SOURCE_DIR}/page)
file(GLOB_RECURSE page_files CONFIGURE_DEPENDS ${page}/*.js ${page}/*.css ${page}/*.html)
function(assemble file program)
  add_custom_command(
    OUTPUT ${PROJECT_BINARY_DIR}/${file}.html
    COMMAND node ${page}/assemble.js ${file} ${PROJECT_BINARY_DIR}/${program} ${PROJECT_BINARY_DIR}/${file}.html
    DEPENDS ${program} ${page_files}
    COMMENT "Putting ${file}.html together" VERBATIM)
endfunction()
assemble(heed heed_page)
assemble(engine heed_translator)
assemble(captioner heed_captioner)
add_custom_target(page ALL DEPENDS ${PROJECT_BINARY_DIR}/heed.html ${PROJECT_BINARY_DIR}/engine.html
                                   ${PROJECT_BINARY_DIR}/captioner.html)

# What it computes, by node; how it looks and behaves, in a browser, if there is one.
set(tests ${PROJECT_SOURCE_DIR}/tests/examples/page)
add_test(NAME page_losses COMMAND node ${tests}/losses.js ${PROJECT_BINARY_DIR}/heed_page)
add_test(NAME page_browser COMMAND node ${tests}/browser.js ${PROJECT_BINARY_DIR}/heed.html)
add_test(NAME page_translator COMMAND node ${tests}/translator.js ${PROJECT_SOURCE_DIR}/build/bin/translate
                                      ${PROJECT_BINARY_DIR}/engine.html)
add_test(NAME page_captioner COMMAND node ${tests}/captioner.js ${PROJECT_SOURCE_DIR}/build/bin/caption
                                     ${PROJECT_BINARY_DIR}/captioner.html)
set_tests_properties(page_browser page_translator page_captioner PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300)
