#include "map.h"
#include "proofs/grow.h"
#include "proofs/reserve.h"
#include "proofs/split.h"
