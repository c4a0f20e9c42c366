# The page of a run becomes part of the programs: report_files.cpp holds its files and the chart library, when that
# is found on this machine (Debian, Ubuntu: libjs-chart.js). HEED_CHART_JS may name another copy of chart.min.js.
if(HEED_CHART_JS AND NOT EXISTS ${HEED_CHART_JS})
  unset(HEED_CHART_JS CACHE)  # the package was removed since
endif()
find_file(HEED_CHART_JS chart.min.js PATHS /usr/share/javascript/chart.js /usr/share/nodejs/chart.js/dist
  /usr/share/javascript/chartjs NO_DEFAULT_PATH)
if(HEED_CHART_JS)
  message(STATUS "Report charts: on, with ${HEED_CHART_JS}")
  set(HEED_CHART_FILE ${HEED_CHART_JS})
else()
  message(STATUS "Report charts: off, chart.js not found; reports show plain SVG curves")
  set(HEED_CHART_FILE "")
endif()

set(HEED_REPORT_SCRIPTS base.js words.js matrix.js maps.js pictures.js charts.js main.js selftest.js)
set(HEED_REPORT_PAGE ${CMAKE_CURRENT_SOURCE_DIR}/support/report/page)
set(HEED_REPORT_FILES ${CMAKE_CURRENT_BINARY_DIR}/report_files.cpp)
list(TRANSFORM HEED_REPORT_SCRIPTS PREPEND ${HEED_REPORT_PAGE}/ OUTPUT_VARIABLE HEED_REPORT_DEPENDS)
string(REPLACE ";" "," HEED_REPORT_SCRIPTS "${HEED_REPORT_SCRIPTS}")
add_custom_command(
  OUTPUT ${HEED_REPORT_FILES}
  COMMAND ${CMAKE_COMMAND} -DOUTPUT=${HEED_REPORT_FILES} -DPAGE=${HEED_REPORT_PAGE}
          -DSCRIPTS=${HEED_REPORT_SCRIPTS} -DCHART=${HEED_CHART_FILE} -P ${HEED_REPORT_PAGE}/embed.cmake
  DEPENDS ${HEED_REPORT_DEPENDS} ${HEED_REPORT_PAGE}/page.html ${HEED_REPORT_PAGE}/page.css
          ${HEED_REPORT_PAGE}/embed.cmake ${HEED_CHART_FILE}
  COMMENT "Embedding the report's page" VERBATIM)
