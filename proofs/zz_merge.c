#include "map.h"
#include "proofs/merge.h"
