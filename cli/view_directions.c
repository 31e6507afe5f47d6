#include "cli/view.h"
const struct view view_directions = {.name = "directions"};
