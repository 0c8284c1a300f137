#include "map.h"
#include "proofs/borrow.h"
