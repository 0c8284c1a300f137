#include "../src/map.h"
#include "space.h"
