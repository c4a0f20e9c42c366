# The page: heed.html, one file that holds everything (assemble.js).
heed_headers_alone(nlohmann nlohmann/json.hpp)
set(support ${PROJECT_SOURCE_DIR}/examples/support/text)
target_sources(page_parts PRIVATE ${support}/grammar.cpp ${support}/grammar_rules.cpp
               ${support}/grammar/grammar_writer.cpp ${support}/words/words.cpp ${support}/alignments/word_links.cpp)
# Of the programs what the page of a run needs: the model, its settings, its text.
set(tokens ${support}/tokens)
set(model ${PROJECT_SOURCE_DIR}/examples/translate/model)
target_sources(page_parts PRIVATE ${support}/vocabulary.cpp ${support}/pairs/languages.cpp ${tokens}/abbreviations.cpp
               ${tokens}/characters.cpp ${tokens}/detokenizer.cpp ${tokens}/escapes.cpp ${tokens}/punctuation.cpp
               ${tokens}/token_form.cpp ${tokens}/tokenizer.cpp ${support}/subwords/byte_pairs.cpp
               ${support}/subwords/subword_model.cpp ${support}/subwords/subwords.cpp ${support}/../program/fields.cpp
               ${support}/../training/batches.cpp ${model}/batch.cpp ${support}/../pages/packed_model.cpp ${model}/../page/packed_run.cpp ${model}/translator.cpp ${model}/search/short_output.cpp
               ${model}/decoders/bahdanau_decoder.cpp ${model}/decoders/encoded.cpp ${model}/decoders/luong_decoder.cpp)
# And for the pictures the captioner, with what estimates the gradient of drawn places.
set(caption ${PROJECT_SOURCE_DIR}/examples/caption)
set(hard ${PROJECT_SOURCE_DIR}/examples/support/hard)
target_sources(page_parts PRIVATE ${caption}/data/pointing.cpp ${caption}/data/scenes.cpp ${caption}/encoders/small_encoder.cpp
               ${caption}/encoders/squeezenet.cpp ${caption}/page/packed_captioner.cpp ${support}/../images/planes.cpp
               ${caption}/model/batch.cpp ${caption}/model/captioner.cpp ${caption}/model/cells.cpp
               ${caption}/model/hard_captions.cpp ${hard}/estimators.cpp ${hard}/moving_rewards.cpp ${hard}/rewards.cpp
               ${hard}/rollout.cpp ${support}/../images/image.cpp)

# engine(NAME FUNCTIONS SOURCE): a program for a Worker, with these functions for its scripts.
function(engine name functions source)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE page_parts)
  target_link_options(${name} PRIVATE -O2 -sENVIRONMENT=worker,node -sMODULARIZE -sEXPORT_NAME=heedModule
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
