/* Where nearest.h of base/ was before formulas needed it, too. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include "base/nearest.h"

#endif
