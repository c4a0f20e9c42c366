# What `cmake --install` installs: the library, the headers of its three floors, and how other projects find
# them, by CMake and by pkg-config. Headers keep their paths below include/heed, so that
# #include "autograd/zip/zip.h" is the same everywhere.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(HEED_INCLUDE ${CMAKE_INSTALL_INCLUDEDIR}/heed)
set(HEED_CMAKE ${CMAKE_INSTALL_LIBDIR}/cmake/heed)

install(TARGETS heed EXPORT heed-targets INCLUDES DESTINATION ${HEED_INCLUDE})
foreach(level v3 v4)
  if(TARGET heed_${level})
    install(TARGETS heed_${level} LIBRARY NAMELINK_SKIP
            DESTINATION ${CMAKE_INSTALL_LIBDIR}/glibc-hwcaps/x86-64-${level})
  endif()
endforeach()
install(DIRECTORY autograd nn optim DESTINATION ${HEED_INCLUDE} FILES_MATCHING PATTERN "*.h"
        PATTERN package EXCLUDE PATTERN optim/ranks/mpi EXCLUDE)

configure_package_config_file(autograd/package/heed-config.cmake.in heed-config.cmake
                              INSTALL_DESTINATION ${HEED_CMAKE})
write_basic_package_version_file(heed-config-version.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT heed-targets NAMESPACE heed:: DESTINATION ${HEED_CMAKE})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/heed-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/heed-config-version.cmake
              autograd/kernels/blas.cmake DESTINATION ${HEED_CMAKE})

# A static library leaves OpenBLAS to the program that is linked with it; a shared one brings it along.
set(HEED_PC_REQUIRES fmt)
set(HEED_PC_LIBS "")
get_target_property(kind heed TYPE)
if(kind STREQUAL STATIC_LIBRARY AND NOT HEED_BLAS STREQUAL none)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(HEED_PC_BLAS QUIET openblas)
  endif()
  if(HEED_PC_BLAS_FOUND)
    string(APPEND HEED_PC_REQUIRES " openblas")
  else()
    get_target_property(libraries heed::blas INTERFACE_LINK_LIBRARIES)
    string(REPLACE ";" " " HEED_PC_LIBS "${libraries}")
  endif()
endif()
string(REPLACE ";" " " HEED_PC_CFLAGS "${HEED_USAGE}")
file(RELATIVE_PATH HEED_PC_PREFIX /p/${CMAKE_INSTALL_LIBDIR}/pkgconfig /p)
configure_file(autograd/package/heed.pc.in heed.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/heed.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
