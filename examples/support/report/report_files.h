// The files of report/, as the build put them into the program (report/embed.cmake).
#pragma once

#include <string_view>

namespace heed::support::report_files {

extern const std::string_view page_html;
extern const std::string_view page_css;
extern const std::string_view page_js;
extern const std::string_view chart_js;  // the chart library; empty when the build did not find it

}  // namespace heed::support::report_files
