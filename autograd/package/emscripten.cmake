# Compiling for a browser (./run page): WebAssembly with its 128-bit registers and its own exceptions.
#
# Headers of this machine that hold for any (fmt, JSON) lie beside others that hold for it alone, so they are linked to
# where nothing else lies.
add_compile_options(-msimd128 -fwasm-exceptions)
add_link_options(-fwasm-exceptions)

# heed_headers_alone(fmt fmt/format.h)
function(heed_headers_alone folder)
  find_path(${folder}_HEADERS ${ARGN} PATHS /usr/include /usr/local/include /opt/homebrew/include
            NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH REQUIRED)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/headers)
  file(CREATE_LINK ${${folder}_HEADERS}/${folder} ${PROJECT_BINARY_DIR}/headers/${folder} SYMBOLIC)
endfunction()
heed_headers_alone(fmt fmt/format.h)

add_library(fmt::fmt INTERFACE IMPORTED)
target_include_directories(fmt::fmt SYSTEM INTERFACE ${PROJECT_BINARY_DIR}/headers)
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY)
