#include "map.h"
#include "proofs/summary.h"
