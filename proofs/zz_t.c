#include "map.h"
#include "proofs/edit.h"
