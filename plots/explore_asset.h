/* The page of `settle explore`: explore.html with its marks, explore.css and explore.js, as the Makefile puts
 * them into the program.  Shapes: texts, ended by a zero byte.  Memory: constants. */
#ifndef PLOTS_EXPLORE_ASSET_H
#define PLOTS_EXPLORE_ASSET_H

extern const char explore_asset_page[], explore_asset_style[], explore_asset_script[];

#endif
