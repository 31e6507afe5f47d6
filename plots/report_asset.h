/* The style and the script of the page, report.css and report.js, as the Makefile puts them into the
 * program.  Shapes: texts, ended by a zero byte.  Memory: constants. */
#ifndef PLOTS_REPORT_ASSET_H
#define PLOTS_REPORT_ASSET_H

extern const char report_asset_style[], report_asset_script[];

#endif
