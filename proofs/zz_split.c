#include "map.h"
#include "proofs/split.h"
